//! DL310.

use crate::harness::{Case, app};
use dashlift::rules::Category;

fn with(list: &str, code: &str) -> Case {
    let list = format!("gunicorn==20.1.0\n{list}");
    app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", list.as_str()),
        ("app.py", code),
    ])
    .rule("DL310")
}

#[test]
#[allow(clippy::too_many_lines, reason = "it is one table of cases")]
fn names_that_are_gone_are_said() {
    for (list, code, name) in [
        (
            "dash==3.0.4\n",
            "from dash.long_callback import CeleryLongCallbackManager\n",
            "gone since dash 3",
        ),
        (
            "dash==3.0.4\n",
            "import dash\napp = dash.Dash(long_callback_manager=m)\n",
            "Dash(long_callback_manager=...)",
        ),
        (
            "dash==3.0.4\n",
            "from dash import Dash\napp = Dash()\n@app.long_callback(x)\ndef f(): pass\n",
            "`app.long_callback` is gone",
        ),
        (
            "dash==3.0.4\n",
            "from jupyter_dash import JupyterDash\n",
            "JupyterDash",
        ),
        (
            "dash==2.9.3\ndash-bootstrap-components==1.4.1\n",
            "import dash_bootstrap_components as dbc\nx = dbc.FormGroup([])\n",
            "`dbc.FormGroup` is gone since dash-bootstrap-components 1",
        ),
        (
            "dash==2.9.3\ndash-bootstrap-components==1.4.1\n",
            "import dash_bootstrap_components as dbc\nx = dbc.Row([], no_gutters=True)\n",
            "no_gutters",
        ),
        (
            "flask==2.3.3\n",
            "from flask import Flask\nserver = Flask(__name__)\n@server.before_first_request\ndef f(): pass\n",
            "`server.before_first_request` is gone since flask 2.3",
        ),
        (
            "flask==3.0.3\n",
            "from flask import Markup\n",
            "gone since flask 3",
        ),
        (
            "werkzeug==3.0.1\n",
            "from werkzeug.urls import url_quote\n",
            "gone since werkzeug 3",
        ),
        (
            "jinja2==3.1.2\n",
            "from jinja2 import Markup\n",
            "gone since jinja2 3.1",
        ),
        (
            "plotly==4.14.3\n",
            "import plotly.plotly as py\n",
            "gone since plotly 4",
        ),
        (
            "numpy==1.24.4\n",
            "import numpy as np\nx = np.float\n",
            "`np.float` is gone since numpy 1.24",
        ),
        (
            "pandas==2.0.3\n",
            "import pandas as pd\ndf = pd.DataFrame()\ndf = df.append(x)\n",
            "`df.append` is gone since pandas 2",
        ),
        (
            "pandas==2.0.3\n",
            "import pandas as pd\ndf = None\ndef f():\n    df.append(1)\ndf = pd.DataFrame()\nf()\n",
            "`df.append` is gone since pandas 2",
        ),
        (
            "pandas==2.0.3\n",
            "import pandas as pd\nif x:\n    df = pd.DataFrame()\nelse:\n    df = None\ndf.append(1)\n",
            "`df.append` is gone since pandas 2",
        ),
        (
            "pillow==10.0.1\n",
            "from PIL import Image\nx = Image.ANTIALIAS\n",
            "gone since pillow 10",
        ),
        (
            "dash==2.9.3\n",
            "import collections\nx = collections.Mapping\n",
            "Python 3.10 has no `collections.Mapping`",
        ),
        (
            "dash==2.9.3\n",
            "from collections import Iterable\n",
            "Python 3.10 has no",
        ),
    ] {
        let lines = with(list, code).check();
        assert_eq!(lines.len(), 1, "{code}: {lines:?}");
        assert!(lines[0].contains(name), "{code}: {lines:?}");
    }
}

#[test]
fn versions_that_have_the_names_are_quiet() {
    for (list, code) in [
        (
            "dash==2.9.3\n",
            "from dash.long_callback import CeleryLongCallbackManager\n",
        ),
        (
            "flask==2.2.5\nwerkzeug==2.2.3\n",
            "from flask import Flask\nserver = Flask(__name__)\n@server.before_first_request\ndef f(): pass\n",
        ),
        ("numpy==1.23.5\n", "import numpy as np\nx = np.float\n"),
        (
            "pandas==1.5.3\n",
            "import pandas as pd\ndf = pd.DataFrame()\ndf = df.append(x)\n",
        ),
        ("pandas==2.0.3\n", "rows = []\nrows.append(1)\n"),
        (
            "pandas==2.0.3\n",
            "import pandas as pd\nrows = []\nfor x in range(3):\n    rows.append(x)\nrows = pd.DataFrame(rows)\n",
        ),
        (
            "pandas==2.0.3\n",
            "import pandas as pd\ndef f():\n    rows = []\n    rows.append(1)\n    rows = pd.DataFrame(rows)\n    return rows\nf()\n",
        ),
        (
            "flask==3.0.3\n",
            "class A:\n    def before_first_request(self): pass\nA().before_first_request()\n",
        ),
        (
            "dash==2.9.3\n",
            "from collections.abc import Iterable\nfrom collections import OrderedDict\n",
        ),
        (
            "jinja2==3.1.2\n",
            "try:\n    from jinja2 import Markup\nexcept ImportError:\n    from markupsafe import Markup\n",
        ),
        (
            "numpy==1.24.4\n",
            "import numpy as np\nx = np.float64, np.bool_\n",
        ),
    ] {
        assert_eq!(with(list, code).check(), [] as [&str; 0], "{list}{code}");
    }
}

#[test]
fn another_name_of_a_type_of_python_is_written_so() {
    let code = "import numpy as np\na = np.zeros(3, dtype=np.bool)\nb = a.astype(np.bool)\n";
    let after = with("numpy==1.24.4\n", code).fix();
    assert_eq!(
        after.text("app.py"),
        "import numpy as np\na = np.zeros(3, dtype=bool)\nb = a.astype(bool)\n"
    );
    assert!(after.open.is_empty());
    let hidden = "import numpy as np\nint = 3\na = np.int(4)\n";
    assert_eq!(with("numpy==1.24.4\n", hidden).fix().text("app.py"), hidden);
}

#[test]
fn what_runs_later_matters_less_and_dead_code_not_at_all() {
    let late = "import numpy as np\ndef f():\n    return np.complex(1)\n";
    let case = with("numpy==1.24.4\n", late);
    assert_eq!(case.findings()[0].category, Category::Should);
    let start = with("numpy==1.24.4\n", "import numpy as np\nx = np.complex(1)\n");
    assert_eq!(start.findings()[0].category, Category::Must);
    let dead = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", "gunicorn==20.1.0\nnumpy==1.24.4\n"),
        ("app.py", "server = 1\n"),
        ("old.py", late),
    ]);
    assert!(dead.rule("DL310").check().is_empty());
}

#[test]
fn one_cause_is_one_finding() {
    let code = "import dash_bootstrap_components as dbc\na = dbc.FormGroup()\nb = dbc.FormGroup()\nc = dbc.Jumbotron()\n";
    let findings = with("dash==2.9.3\ndash-bootstrap-components==1.4.1\n", code).findings();
    assert_eq!((findings.len(), findings[0].evidence.len()), (1, 2));
    assert!(findings[0].alternatives[0].contains("`dash-bootstrap-components<1`"));
}

#[test]
fn a_server_of_another_module_is_known() {
    let case = app([
        ("Procfile", "web: gunicorn app:server\n"),
        (
            "requirements.txt",
            "gunicorn==20.1.0\nflask==2.3.3\ndash==2.14.2\n",
        ),
        (
            "app.py",
            "from dash import Dash\napp = Dash()\nserver = app.server\nimport hooks\n",
        ),
        (
            "hooks.py",
            "from app import server\n@server.before_first_request\ndef f(): pass\n",
        ),
    ]);
    assert_eq!(case.rule("DL310").check().len(), 1);
}

#[test]
fn pictures_need_a_browser_with_kaleido_1() {
    let chained = "import plotly.express as px\npx.line(x).write_image('a.png')\n";
    let lines = with("plotly==5.18.0\nkaleido==1.0.0\n", chained).check();
    assert!(lines[0].contains("needs a Chrome"), "{lines:?}");
    let code = "import plotly.express as px\nfig = px.line(x)\nfig.write_image('a.png')\n";
    assert!(with("plotly==5.18.0\nkaleido==1.0.0\n", code).check()[0].contains("needs a Chrome"));
    assert!(
        with("plotly==5.18.0\nkaleido==0.2.1\n", code)
            .check()
            .is_empty()
    );
}
