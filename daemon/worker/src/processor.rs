//! Can this processor run the model? llama.cpp is compiled for processors with AVX2, and another one would kill the process without a word.

/// What is missing, as a sentence; `None` where the model can run.
pub fn missing() -> Option<String> {
    sentence(&found())
}

#[cfg(target_arch = "x86_64")]
fn found() -> Vec<(&'static str, bool)> {
    vec![
        ("AVX", is_x86_feature_detected!("avx")),
        ("AVX2", is_x86_feature_detected!("avx2")),
        ("FMA", is_x86_feature_detected!("fma")),
        ("F16C", is_x86_feature_detected!("f16c")),
        ("BMI2", is_x86_feature_detected!("bmi2")),
    ]
}

#[cfg(not(target_arch = "x86_64"))]
fn found() -> Vec<(&'static str, bool)> {
    Vec::new()
}

fn sentence(found: &[(&'static str, bool)]) -> Option<String> {
    let missing: Vec<&str> = found.iter().filter(|(_, is_there)| !is_there).map(|(name, _)| *name).collect();
    (!missing.is_empty()).then(|| {
        format!(
            "this processor has no {}, which a local model needs; use a machine with AVX2 (Intel since 2013, AMD since 2015; not Atom and \
             Celeron), or an endpoint on another machine",
            missing.join(", no ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(sentence(&[("AVX", true), ("AVX2", true)]), None);
        let told = sentence(&[("AVX", true), ("AVX2", false), ("FMA", false)]).unwrap_or_default();
        assert!(told.starts_with("this processor has no AVX2, no FMA, which") && told.contains("an endpoint on another machine"), "{told}");
    }
}
