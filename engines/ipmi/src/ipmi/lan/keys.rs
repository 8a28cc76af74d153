//! Which keys does a session have? Derived from the password by both sides, as IPMI 2.0, section 13.31 and 13.32, says.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::cipher::Suite;

/// The HMAC of the parts under the key, with the suite's hash. Wiped when it is dropped: most results are keys.
pub(super) fn code(suite: Suite, key: &[u8], parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    match suite {
        Suite::Three => hmac::<Hmac<Sha1>>(key, parts),
        Suite::Seventeen => hmac::<Hmac<Sha256>>(key, parts),
    }
}

fn hmac<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    parts.iter().for_each(|part| mac.update(part));
    Zeroizing::new(mac.finalize().into_bytes().to_vec())
}

/// Whether two codes are the same, in a time that does not tell where they differ. `false` for different lengths.
pub(super) fn same(left: &[u8], right: &[u8]) -> bool {
    bool::from(left.ct_eq(right))
}

/// The keys of one session.
pub(super) struct SessionKeys {
    pub(super) suite: Suite,
    /// For the code at the end of each packet.
    pub(super) integrity: Zeroizing<Vec<u8>>,
    pub(super) confidentiality: Zeroizing<[u8; 16]>,
}

impl SessionKeys {
    /// From the session integrity key. Both constants are twenty bytes long with every suite.
    pub(super) fn derive(suite: Suite, session_key: &[u8]) -> Self {
        let additional = |number: u8| code(suite, session_key, &[&[number; 20]]);
        let mut confidentiality = Zeroizing::new([0; 16]);
        confidentiality.copy_from_slice(&additional(2)[..16]);
        Self { suite, integrity: additional(1), confidentiality }
    }

    /// What stands at the end of a packet whose protected part is this.
    pub(super) fn trailer(&self, protected: &[u8]) -> Vec<u8> {
        code(self.suite, &self.integrity, &[protected])[..self.suite.trailer_bytes()].to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 2202, test case 2, and RFC 4231, test case 2.
    #[test]
    fn the_codes_are_those_of_the_standards() {
        let parts: [&[u8]; 2] = [b"what do ya want ", b"for nothing?"];
        let hexadecimal = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(hexadecimal(&code(Suite::Three, b"Jefe", &parts)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        let long = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hexadecimal(&code(Suite::Seventeen, b"Jefe", &parts)), long);
    }

    #[test]
    fn codes_of_different_length_are_not_the_same() {
        assert!(same(b"abc", b"abc"));
        assert!(!same(b"abc", b"abd"));
        assert!(!same(b"abc", b"abcd"));
        assert!(!same(b"", b"a"));
    }
}
