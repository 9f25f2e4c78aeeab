//! Where Kafka's own clients put a key: murmur2, as the Java client's default partitioner and
//! librdkafka's `murmur2_random` have it.

const SEED: u32 = 0x9747_b28c;
const FACTOR: u32 = 0x5bd1_e995;

/// The partition of a key in a topic of `partitions` partitions; zero when there are none.
pub fn partition_of(key: &[u8], partitions: u32) -> u32 {
    let positive = murmur2(key) & 0x7fff_ffff;
    positive.checked_rem(partitions).unwrap_or(0)
}

fn murmur2(bytes: &[u8]) -> u32 {
    // The hash wraps lengths as it wraps everything else; no key is near four gigabytes.
    let mut hash = SEED ^ (bytes.len() as u32);
    let mut words = bytes.chunks_exact(4);
    for word in &mut words {
        let mut word = u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
        word = word.wrapping_mul(FACTOR);
        word ^= word >> 24;
        word = word.wrapping_mul(FACTOR);
        hash = hash.wrapping_mul(FACTOR) ^ word;
    }
    let rest = words.remainder();
    if !rest.is_empty() {
        for (at, byte) in rest.iter().enumerate() {
            hash ^= u32::from(*byte) << (8 * at);
        }
        hash = hash.wrapping_mul(FACTOR);
    }
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(FACTOR);
    hash ^ (hash >> 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cases of Apache Kafka's own test of its hash.
    #[test]
    fn hashes_are_kafkas() {
        for (key, expected) in [
            ("21", -973_932_308_i32),
            ("foobar", -790_332_482),
            ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            ("abc", 479_470_107),
        ] {
            assert_eq!(murmur2(key.as_bytes()) as i32, expected, "{key}");
        }
    }

    #[test]
    fn partitions_are_in_range() {
        assert_eq!(partition_of(b"21", 0), 0);
        assert!((0..100).all(|it: u32| partition_of(&it.to_be_bytes(), 7) < 7));
    }
}
