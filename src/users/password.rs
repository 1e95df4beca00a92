//! First passwords, drawn at random.

use secrecy::SecretString;

/// So many characters: of 64 kinds, more than 130 bits.
const LENGTH: usize = 24;
/// One of each, because many policies ask for them.
const KINDS: [&[u8]; 4] = [
    b"ABCDEFGHJKLMNPQRSTUVWXYZ",
    b"abcdefghijkmnopqrstuvwxyz",
    b"23456789",
    b"-_.!+=:",
];

/// A password with capital and small letters, digits and signs, without those that people mix up.
///
/// # Errors
/// When the system has no randomness.
pub fn generate() -> Result<SecretString, getrandom::Error> {
    let every: Vec<u8> = KINDS.concat();
    let mut text = vec![
        pick(KINDS[0])?,
        pick(KINDS[1])?,
        pick(KINDS[2])?,
        pick(KINDS[3])?,
    ];
    while text.len() < LENGTH {
        text.push(pick(&every)?);
    }
    // The kinds are in no certain places.
    for last in (1..text.len()).rev() {
        text.swap(last, below(last + 1)?);
    }
    let text: String = text.into_iter().map(char::from).collect();
    Ok(SecretString::from(text))
}

fn pick(from: &[u8]) -> Result<u8, getrandom::Error> {
    let index = below(from.len())?;
    Ok(from.get(index).copied().unwrap_or(b'x'))
}

/// A number below `bound`, which is at most 256, each as likely as the others.
fn below(bound: usize) -> Result<usize, getrandom::Error> {
    let most = 256 - 256 % bound.max(1);
    loop {
        let mut byte = [0_u8; 1];
        getrandom::fill(&mut byte)?;
        let drawn = usize::from(byte[0]);
        if drawn < most {
            return Ok(drawn % bound.max(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn every_kind_is_in_it_and_no_two_are_alike() {
        let drawn: Vec<SecretString> = (0..50).map(|_| generate().unwrap()).collect();
        for (index, password) in drawn.iter().enumerate() {
            let text = password.expose_secret();
            assert_eq!(text.len(), LENGTH);
            for kind in KINDS {
                assert!(text.bytes().any(|byte| kind.contains(&byte)));
            }
            let mut others = drawn.iter().skip(index + 1);
            assert!(others.all(|other| other.expose_secret() != text));
            assert!(!format!("{password:?}").contains(text));
        }
    }
}
