//! Tests of the laws that the models stand on.

use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn any_decodable_bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(text) = Text::decode(&bytes) {
            prop_assert_eq!(text.encode(), bytes.clone());
        }
        if let Ok(text) = Text::decode_declared(&bytes) {
            prop_assert_eq!(text.encode(), bytes);
        }
    }

    #[test]
    fn utf16_comes_back(content in ".*", big in any::<bool>()) {
        let bytes = if big {
            encoding::encode(&content, Encoding::Utf16Be)
        } else {
            encoding::encode(&content, Encoding::Utf16Le)
        };
        let text = Text::decode(&bytes).unwrap();
        prop_assert_eq!(text.as_str(), content);
        prop_assert_eq!(text.encode(), bytes);
    }

    #[test]
    fn lines_cover_every_byte(content in "[ab\r\n\u{e9}]*") {
        let joined: String = lines(&content).map(|line| line.full().slice(&content)).collect();
        prop_assert_eq!(joined, content);
    }

    #[test]
    fn the_difference_makes_new_of_old(old in "[ab\u{e9}\u{e8}\n]*", new in "[ab\u{e9}\u{e8}\n]*") {
        if let Some(edit) = difference(&old, &new) { prop_assert_eq!(splice(&old, &[edit]).unwrap(), new); } else { prop_assert_eq!(old, new); }
    }

    #[test]
    fn a_splice_changes_only_its_span(content in "[a-z\u{e9}]{0,30}", a in 0..40_usize, b in 0..40_usize) {
        let span = Span::new(a.min(b), a.max(b));
        if let Ok(result) = splice(&content, &[(span, "XY".to_owned())]) {
            prop_assert_eq!(&result[..span.start], &content[..span.start]);
            prop_assert_eq!(&result[span.start + 2..], &content[span.end..]);
        } else {
            prop_assert!(content.get(span.range()).is_none());
        }
    }
}

#[test]
fn positions_count_characters_and_all_line_ends() {
    let text = Text::new("a\r\n\u{e9}x\ry");
    let at = |offset| text.position(offset).to_string();
    assert_eq!(
        [at(0), at(3), at(5), at(7), at(99)],
        ["1:1", "2:1", "2:2", "3:1", "3:2"]
    );
}

#[test]
fn a_final_line_end_ends_the_last_line() {
    let text = Text::new("a\n");
    assert_eq!(text.position(2).to_string(), "2:1");
}

#[test]
fn a_bad_byte_is_placed() {
    let error = Text::decode(b"ok\nab\xFFc").unwrap_err();
    assert_eq!(
        (error.offset, error.position.to_string().as_str()),
        (5, "2:3")
    );
}

#[test]
fn a_coding_line_is_obeyed() {
    let bytes = b"# -*- coding: latin-1 -*-\n# caf\xE9\ndash\n";
    assert!(Text::decode(bytes).is_err());
    let text = Text::decode_declared(bytes).unwrap();
    assert!(text.as_str().contains("caf\u{e9}"));
    assert_eq!(text.encode(), bytes);
}

#[test]
fn two_insertions_at_one_place_collide() {
    let twice = [(Span::at(1), "x".to_owned()), (Span::at(1), "y".to_owned())];
    assert!(matches!(
        splice("ab", &twice),
        Err(SpliceError::Overlap(..))
    ));
    let at_start = [(Span::at(0), "x".to_owned()), (Span::at(0), "y".to_owned())];
    assert_eq!(splice("ab", &at_start[..1]).unwrap(), "xab");
    assert!(splice("ab", &at_start).is_err());
}
