//! Short names for texts, the same on every machine and in every version of this program.

/// 64-bit FNV-1a (draft-eastlake-fnv).
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A number for a text, whose low bits are as good as the high ones: FNV-1a through the finisher
/// of `SplitMix64`.
pub(super) fn spread(text: &str) -> u64 {
    let mut hash = fnv(text);
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// A short name for a text: two different texts have different ones for all that is likely.
pub fn fingerprint(text: &str) -> String {
    format!("{:016x}", spread(text))
}
