//! Tests of DL304.

use crate::harness::{Case, app};
use dashlift::python::{self, Parse};

fn with(list: &str, code: &str) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", list),
        ("app.py", code),
    ])
    .rule("DL304")
    .unsafe_fixes()
}

fn case(code: &str) -> Case {
    with("dash\ndash-enterprise-auth>=0.0.6\n", code)
}

fn said(code: &str) -> Vec<String> {
    let found = case(code).findings().into_iter();
    found.map(|it| it.message).collect()
}

#[test]
fn the_header_is_found() {
    let message = "reads the header Plotly-User-Data, which Dash Enterprise 5 does not send";
    for code in [
        "import flask\nd = flask.request.headers.get('Plotly-User-Data', '{}')\n",
        "from flask import request\nd = request.headers['Plotly-User-Data']\n",
        "d = request.headers.get('plotly-user-data')\n",
        "d = environ['HTTP_PLOTLY_USER_DATA']\n",
        "HEADER = 'Plotly-User-Data'\n",
    ] {
        assert_eq!(said(code), [message], "{code}");
    }
    for code in [
        "d = request.headers.get('User-Agent')\n",
        "print('the header Plotly-User-Data is gone')\n",
        "'''Plotly-User-Data'''\n",
        "# Plotly-User-Data\n",
    ] {
        assert_eq!(said(code), [""; 0], "{code}");
    }
}

#[test]
fn claims_of_the_old_server_are_found() {
    let message = "`username` of get_user_data() is `preferred_username` on Dash Enterprise 5";
    for code in [
        "import dash_enterprise_auth as auth\nn = auth.get_user_data()['username']\n",
        "import dash_enterprise_auth\nn = dash_enterprise_auth.get_user_data().get('username')\n",
        "from dash_enterprise_auth import get_user_data\nn = get_user_data()['username']\n",
        "import dash_enterprise_auth as auth\nuser = auth.get_user_data()\nn = user['username']\n",
        "import dash_enterprise_auth as auth\ndef f():\n    user = auth.get_user_data()\n    return user.get('username', 'x')\n",
    ] {
        assert_eq!(said(code), [message], "{code}");
    }
    for code in [
        "import dash_enterprise_auth as auth\nn = auth.get_username()\n",
        "import dash_enterprise_auth as auth\nn = auth.get_user_data()['preferred_username']\n",
        "import dash_enterprise_auth as auth\nn = auth.get_user_data()['email']\n",
        "import dash_enterprise_auth as auth\nu = auth.get_user_data()\nn = form['username']\n",
        "import dash_enterprise_auth as auth\nu = auth.get_user_data()\nu = other()\nn = u['username']\n",
        "from mine import get_user_data\nn = get_user_data()['username']\n",
        "import dash_enterprise_auth as auth\nu = auth.get_user_data()\ndef f(u):\n    return u['username']\n",
    ] {
        assert_eq!(said(code), [""; 0], "{code}");
    }
}

#[test]
fn kerberos_is_asked_about() {
    let found = case("import dash_enterprise_auth as auth\nt = auth.get_kerberos_ticket_cache()\n")
        .findings();
    assert_eq!(
        found[0].message,
        "get_kerberos_ticket_cache() is a feature of Dash Enterprise 4"
    );
    assert!(found[0].steps[0].text.starts_with("Ask "));
    let code =
        "import dash_enterprise_auth as auth\nt = auth.get_user_data()['kerberos_ticket_cache']\n";
    assert_eq!(
        said(code),
        ["`kerberos_ticket_cache` is a feature of Dash Enterprise 4"]
    );
}

#[test]
fn the_button_is_made_by_the_function() {
    let url = "logout_url=os.environ['DASH_LOGOUT_URL']";
    for (old, new) in [
        (
            format!("import os\nfrom dash import dcc\nb = dcc.LogoutButton({url})\n"),
            "import os\nimport dash_enterprise_auth\nfrom dash import dcc\nb = dash_enterprise_auth.create_logout_button()\n",
        ),
        (
            format!("import os\nimport dash_core_components as dcc\nb = dcc.LogoutButton(label='Bye', {url})\n"),
            "import os\nimport dash_enterprise_auth\nimport dash_core_components as dcc\nb = dash_enterprise_auth.create_logout_button(label='Bye')\n",
        ),
        (
            format!("import os\r\nimport dash_enterprise_auth as auth\r\nfrom dash.dcc import LogoutButton\r\nb = LogoutButton({url})\r\n"),
            "import os\r\nimport dash_enterprise_auth as auth\r\nfrom dash.dcc import LogoutButton\r\nb = auth.create_logout_button()\r\n",
        ),
        (
            format!("import os\nfrom dash import dcc\nfrom dash_enterprise_auth import create_logout_button as c\nb = dcc.LogoutButton({url})\n"),
            "import os\nfrom dash import dcc\nfrom dash_enterprise_auth import create_logout_button as c\nb = c()\n",
        ),
        (
            "import os\nfrom dash import dcc\nURL = os.getenv('DASH_LOGOUT_URL')\nb = dcc.LogoutButton(logout_url=URL)\n".to_owned(),
            "import os\nimport dash_enterprise_auth\nfrom dash import dcc\nURL = os.getenv('DASH_LOGOUT_URL')\nb = dash_enterprise_auth.create_logout_button()\n",
        ),
    ] {
        let after = case(&old).fix();
        assert_eq!(after.text("app.py"), new);
        assert_eq!(python::facts(new).unwrap().parse, Parse::Parsed);
        assert_eq!(after.open, [""; 0]);
    }
}

#[test]
fn buttons_that_only_a_person_can_move_are_said() {
    let url = "logout_url=os.environ['DASH_LOGOUT_URL']";
    for code in [
        format!("import os\nfrom dash import dcc\nb = dcc.LogoutButton({url}, className='x')\n"),
        format!("import os\nfrom dash import dcc\nb = dcc.LogoutButton({url}, style={{}})\n"),
        format!("import os\nfrom dash import dcc\nb = dcc.LogoutButton('id', {url})\n"),
        format!("import os\nfrom dash import dcc\nb = dcc.LogoutButton(  # why\n    {url})\n"),
        format!(
            "import os\ntry:\n    from dash import dcc\nexcept ImportError:\n    raise\nb = dcc.LogoutButton({url})\n"
        ),
    ] {
        let found = case(&code).findings();
        assert_eq!(found.len(), 1, "{code}");
        assert!(found[0].fix.is_none(), "{code}");
    }
    let code = format!("import os\nfrom dash import dcc\nb = dcc.LogoutButton({url})\n");
    let found = with("dash\n", &code).findings();
    assert!(found[0].fix.is_none());
    assert_eq!(
        found[0].steps[0].text,
        "Add `dash-enterprise-auth>=0.0.6` to the requirements."
    );
}

#[test]
fn a_button_of_a_login_of_its_own_is_left() {
    for code in [
        "from dash import dcc\nb = dcc.LogoutButton(logout_url='/logout')\n",
        "from dash import dcc\nb = dcc.LogoutButton(id='x')\n",
        "from mine import dcc\nb = dcc.LogoutButton(logout_url=os.environ['DASH_LOGOUT_URL'])\n",
        "import os\nfrom dash import dcc\nb = dcc.LogoutButton(logout_url=os.environ['OTHER'])\n",
    ] {
        assert_eq!(said(code), [""; 0], "{code}");
    }
}
