use proptest::prelude::*;

use super::*;

/// What is between `«` and `»` must be found, and nothing else.
fn check(marked: &str) {
    let text = marked.replace(['«', '»'], "");
    let mut expected = String::new();
    let mut secret = false;
    for character in marked.chars() {
        match character {
            '«' => secret = true,
            '»' => secret = false,
            _ if secret => expected.push('*'),
            other => expected.push(other),
        }
    }
    assert_eq!(masked(&text), expected);
}

#[test]
fn credentials_of_urls_are_found() {
    for marked in [
        "https://«me:pw»@dash.example.com/GIT/app",
        "https://«tok»@dash.example.com",
        "https://«me:p/w»@dash.example.com/x",
        "https://«me:p@ss»@dash.example.com:8443/x",
        "https://«user:s#ec»@example.com/x and https://«user:s?ec»@example.com/x",
        "https://«ci:$API_KEY»@dash.example.com/GIT/sales",
        "a https://«t:secret»@a.example.com b https://«secret»@b.example.com/",
        "ssh://«dokku:pw»@dash.example.com/x",
        "https://«me:cut-off-pass»",
        "https://example.com/?a=1&api_key=«abc#x»",
        "https://example.com/x?key=«abc»&y&sig=«%2Fd»",
        "https://conda.example.com/t/«tk-12-ab»/main/x",
        "\"https://«me:pw»@example.com\"",
        "https://«a:b»@x.example.comhttps://«c:d»@y.example.com",
    ] {
        check(marked);
    }
}

#[test]
fn what_everybody_may_see_stays() {
    for text in [
        "x https://a.example.com:8080/x@1 y",
        "ssh://git@example.com/x.git@v1",
        "git+ssh://me@example.com/x.git@v1#egg=x",
        "https://${U}:${P}@example.com",
        "http://0.0.0.0:$PORT/ https://HOST:PORT/packages",
        "dokku@dash.example.com:app",
        "https://example.com/t/main/x?page=2",
        "web=4",
        "worker=0 # key",
        "azure-keyvault-secret==4.1.0 --hash=sha256:0a1b",
        "tokenizers=0.10=py37_0",
        "some-token=1.0",
        "name = 'BP_CPYTHON_VERSION'\nvalue = '3.9.*'",
        "export API_TOKEN=$CI_TOKEN PASSWORD=\"${DB_PASSWORD}\" A=1",
        "TOKEN=$(cat token) && X=${{ secrets.KEY }}",
        "sorted(rows, key=lambda row: row[1])",
        "password = os.environ[\"DB_PASSWORD\"]",
        "SECRET_KEY = get_secret(\"x\")",
        "if TOKEN == 'x' and KEY != 'y'",
        "API_KEY=... && python x.py",
        "cache:\n  key: files",
        "USE_TOKEN=true",
        "# a comment about the token: see the manual",
        "{\"secrets\": {\"a\": 1}}".trim_end_matches("{\"a\": 1}}"),
    ] {
        assert_eq!(masked(text), text);
    }
}

#[test]
fn values_behind_secret_names_are_found() {
    for marked in [
        "export API_TOKEN=«abc» && python x.py",
        "\"predeploy\": \"export API_TOKEN=«abc» && python x.py --n=1\"",
        "\"predeploy\": \"export API_TOKEN=«abc»\", \"x\": \"y\"",
        "\"predeploy\": \"A_KEY=\\\"«a b»\\\" B_PASSWORD='«c d»' run\"",
        "`API_TOKEN=«abc»`",
        "DB_PASSWORD=«a\"b c\"d» x",
        "DASH_SECRET_KEY='«x y»' web=4",
        "PASSWORD=«${X:-abc}»",
        "curl --token «abc» --password=«def» -v",
        "curl -H \"Authorization: «Bearer abc»\" -H 'X-Api-Key: «k»' x",
        "  password: «pa ss'word» # why",
        "- api_token: \"«abc»\"",
        "+API_TOKEN: «abc»\r\n",
        "secret_key = '«abc»'",
        "  \"SECRET_KEY\": \"«abc»\",",
        "\"SECRET_KEY\": {\n  \"description\": \"x\",\n  \"value\": \"«abc»\"\n}",
        "\"AWS_ACCESS_KEY\": «{ \"value\": \"abc\" }»",
        "{ name = \"API_TOKEN\", value = \"«abc»\" }",
        "    name = 'API_TOKEN'\n    value = '«abc»'\n",
        "-    name = 'API_TOKEN'\n+    value = '«abc»'\n",
        "- name: API_TOKEN\n  value: «abc»\n",
        "AccountKey=«abc==»;Endpoint=x",
        "set TOKEN=«ä»&& x",
    ] {
        check(marked);
    }
}

#[test]
fn a_part_of_a_text_knows_what_stands_before_it() {
    let text = "name = 'API_TOKEN'\nvalue = 'äbc' # x\n";
    let start = text.find("value").unwrap();
    let part = Span::new(start, text.len() - 1);
    assert_eq!(masked_part(text, part), "value = '***' # x");
    assert_eq!(
        masked_part(text, Span::new(0, start)),
        "name = 'API_TOKEN'\n"
    );
    assert_eq!(masked_part("TOKEN=abcdef", Span::new(8, 10)), "**");
}

#[test]
fn what_a_hidden_quote_no_longer_ends_is_hidden_too() {
    check("x_key='«a \"TOKEN: b'c\" d»'");
}

#[test]
fn a_text_that_does_not_rest_is_hidden_line_by_line() {
    // Each look hides one more byte.
    let look = |text: &str| {
        let stars = text.bytes().filter(|byte| *byte == b'*').count();
        vec![Span::new(0, stars + 1)]
    };
    let text = "0123456789\n\r\nabc";
    let found = look_until_rest(text, look);
    assert_eq!(found, [Span::new(0, 10), Span::new(13, 16)]);
    let few = |text: &str| look(text).into_iter().filter(|it| it.end < 5).collect();
    assert_eq!(look_until_rest(text, few), [Span::new(0, 4)]);
}

#[test]
fn sentences_show_the_same_stars_for_every_secret() {
    assert_eq!(
        redacted("`https://me:pw@example.com?token=abcdef` and KEY=1"),
        "`https://***@example.com?token=***` and KEY=***"
    );
    assert_eq!(redacted(&redacted("KEY=abcdef")), "KEY=***");
}

#[test]
fn all_patterns_can_be_read() {
    assert_eq!(assignment::count(), 8);
}

proptest! {
    #[test]
    fn only_characters_of_secrets_change(
        text in "(https?://|TOKEN=|\"key\": |--password )?[a-zé:@/?&=$#{}'\\\\ token\\n\"-]{0,60}",
    ) {
        let shown = masked(&text);
        prop_assert_eq!(shown.chars().count(), text.chars().count());
        prop_assert!(text.chars().zip(shown.chars()).all(|(old, new)| new == old || new == '*'));
        let spans = spans(&text);
        prop_assert!(spans.iter().all(|span| text.get(span.range()).is_some() && !span.is_empty()));
        prop_assert!(spans.windows(2).all(|pair| pair[0].end < pair[1].start));
    }

    #[test]
    fn a_masked_text_tells_no_more(
        text in "(([A-Z]_)?TOKEN=|key: |\"a_key\": ?|'pwd: |--password |name=|value=|https://|/t/|\\?token=|getenv\\('a_key', |[a-zé@:/&=$#;{}\\[\\]()'\"`\\\\ ,\\n-]{1,4}){1,16}",
    ) {
        let shown = masked(&text);
        prop_assert_eq!(masked(&shown), shown.clone());
        let said = redacted(&text);
        prop_assert_eq!(redacted(&said), said.clone());
    }

    #[test]
    fn any_part_of_any_text_is_taken(text in "\\PC{0,40}", start in 0_usize..50, length in 0_usize..50) {
        let _ = masked_part(&text, Span::new(start, start + length));
        let _ = redacted(&text);
    }

    #[test]
    fn a_password_of_a_url_is_never_left(password in "[A-Z0-9/?#!:.-]{6,20}", tail in "[a-z/@:]{0,9}") {
        let text = format!("https://me:{password}@dash.example.com/packages/{tail}");
        let known = password.find(['/', '?', '#']).is_some_and(|at| {
            password[..at].bytes().all(|byte| byte.is_ascii_digit())
        });
        // What holds `://` reads as two URLs glued together.
        prop_assume!(!known && !password.contains("://"));
        prop_assert!(!masked(&text).contains(&password));
    }

    #[test]
    fn a_value_behind_a_secret_name_is_never_left(
        before in "[a-z]{0,5}( |; | && |)",
        name in "([A-Z]{1,5}_)?(PASSWORD|SECRET|TOKEN|KEY|CREDENTIALS)(_[A-Z]{1,5})?",
        value in "[A-Za-z0-9+/=@#!?%^~:._-]{6,20}",
        shape in 0_usize..5,
    ) {
        prop_assume!(value.starts_with(|c: char| c.is_ascii_alphanumeric()));
        let shapes = [
            format!("{before}export {name}={value} && x"),
            format!("{before} {name}='{value}'"),
            format!("{{\"{name}\": \"{value}\"}}"),
            format!("  {name}: {value}\n"),
            format!("  name = \"{name}\"\n  value = \"{value}\"\n"),
        ];
        prop_assert!(!masked(&shapes[shape]).contains(&value));
    }
}

#[test]
fn a_value_that_does_not_end_soon_hides_the_rest_of_its_line() {
    let long = "ä".repeat(3000);
    check(&format!("x = 1\nTOKEN='«{long}' b»\ny = 2\n"));
    check(&format!("TOKEN=«{long}» b\n").replace("» b", " b»"));
    check(&format!("os.getenv(\"TOKEN\", \"«{long}\")»\nb"));
    check(&format!("a {} TOKEN=«x» b", "y ".repeat(3000)));
}

#[test]
fn defaults_of_variables_are_secrets_when_the_name_says_so() {
    let cases = [
        (
            r#"os.getenv("TOKEN", "value")"#,
            r#"os.getenv("TOKEN", "*****")"#,
        ),
        (
            "env.get('CITY_TOKEN', 'value')",
            "env.get('CITY_TOKEN', '*****')",
        ),
        (
            r#"config("NAME_KEY", cast=str, default=u"value")"#,
            r#"config("NAME_KEY", cast=str, default=u"*****")"#,
        ),
        (
            "os.environ.get(\n    \"DB_PASSWORD\",\n    \"value\",\n)",
            "os.environ.get(\n    \"DB_PASSWORD\",\n    \"*****\",\n)",
        ),
        (
            r#"x = os.environ.get(\"DB_PASSWORD\", \"value\")\n"#,
            r#"x = os.environ.get(\"DB_PASSWORD\", \"*****\")\n"#,
        ),
        (
            r#"getenv("A_KEY", "value") or getenv("B_KEY", "other")"#,
            r#"getenv("A_KEY", "*****") or getenv("B_KEY", "*****")"#,
        ),
    ];
    for (text, shown) in cases {
        assert_eq!(masked(text), shown);
    }
}

#[test]
fn what_opens_nothing_stays_as_a_default() {
    for text in [
        r#"os.getenv("REGION", "eu-central-1")"#,
        r#"os.environ.get("APP_NAME", "sales")"#,
        r#"os.getenv("PORT", "8050")"#,
        r#"dash-enterprise-auth = "^1.0""#,
        "dash-enterprise-auth==0.1.1",
        "- dash-enterprise-auth=0.1.1",
        "dash_enterprise_auth = \"*\"",
        "google-auth: 2.17.3",
        r#"os.getenv("DEBUG", "false")"#,
        r#"os.getenv("NAME", "")"#,
        r#"os.getenv("NAME", fallback)"#,
        r#"os.getenv("NAME")"#,
        r#"os.environ["NAME"] + "value""#,
        r#"dict.get("NAME", "value")"#,
    ] {
        assert_eq!(masked(text), text);
    }
}

#[test]
fn credentials_of_urls_are_found_in_any_spelling() {
    let cases = [
        r"https:\/\/ada:hunter2@packages.example.com\/simple",
        "https%3A%2F%2Fada:hunter2@packages.example.com/simple",
        "https%3a%2f%2fada%3Ahunter2%40packages.example.com",
        "HTTPS://ada:hunter2@packages.example.com/simple",
        "//ada:hunter2@packages.example.com/simple",
        "https://dl.cloudsmith.io/hunter2hunter2/acme/apps/python/simple",
        "https://packages.example.com/t/tk-hunter2/channel",
    ];
    for case in cases {
        let shown = redacted(case);
        assert!(!shown.contains("hunter2"), "{case}: {shown}");
        assert_eq!(
            shown.matches("example.com").count(),
            case.matches("example.com").count()
        );
    }
    for open in [
        "a // comment: me@example.com",
        "path//to@v1",
        "https://example.com/a",
    ] {
        assert_eq!(redacted(open), open);
    }
}
