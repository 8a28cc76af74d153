//! Does the engine keep the contract, on every version of RouterOS that is simulated?

use engine_mikrotik::types;
use test_sim_routeros::Version;

use crate::samples::Group;

/// The suite for one version, in groups of types.
macro_rules! on_version {
    ($name:ident, $version:ident) => {
        mod $name {
            use test_sim_routeros::Version;

            use crate::samples::Group;
            use crate::subject::RouterSubject;

            mod networks {
                use super::*;
                engine_api::contract_tests!(RouterSubject::start(Version::$version, Group::Networks).await);
            }

            mod names {
                use super::*;
                engine_api::contract_tests!(RouterSubject::start(Version::$version, Group::Names).await);
            }

            mod firewalls {
                use super::*;
                engine_api::contract_tests!(RouterSubject::start(Version::$version, Group::Firewalls).await);
            }

            mod services {
                use super::*;
                engine_api::contract_tests!(RouterSubject::start(Version::$version, Group::Services).await);
            }

            mod dialing {
                use super::*;
                engine_api::contract_tests!(RouterSubject::start(Version::$version, Group::Dialing).await);
            }

            mod routing {
                use super::*;
                engine_api::contract_tests!(RouterSubject::start(Version::$version, Group::Routing).await);
            }

            mod watching {
                use super::*;
                engine_api::contract_tests!(RouterSubject::start(Version::$version, Group::Watching).await);
            }

            mod settings {
                use super::*;
                engine_api::contract_tests!(RouterSubject::start(Version::$version, Group::Settings).await);
            }

            mod others {
                use super::*;
                engine_api::contract_tests!(RouterSubject::start(Version::$version, Group::Others).await);
            }
        }
    };
}

on_version!(on_7_15, V7_15);
on_version!(on_7_18, V7_18);
on_version!(on_7_20, V7_20);
on_version!(on_7_24, V7_24);

#[test]
fn no_type_is_without_a_sample() {
    let samples: Vec<_> = Group::ALL.into_iter().flat_map(|group| group.samples(Version::V7_24)).collect();
    for kind in types() {
        assert!(samples.iter().any(|sample| sample.facts().name == kind.facts().name), "`{}` has no sample", kind.facts().name);
    }
}
