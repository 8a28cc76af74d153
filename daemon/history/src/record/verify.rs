//! Can a record be believed? Its signature, its parents and every file are held against its manifest.

use core_model::EnvironmentId;
use ssh_key::SshSig;

use crate::{
    CommitId, History,
    files::{self, Scope, changed_paths},
    history::commit_info,
    record::{
        RecordError, RecordFiles, RecordPublicKey,
        manifest::{MANIFEST, Manifest, SIGNATURE, hashes},
    },
    snapshot::commit_tree,
    tree,
};

/// A record as it was signed by an allowed key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedRecord {
    pub commit: CommitId,
    pub environment: EnvironmentId,
    pub previous: Option<CommitId>,
    pub source: Option<CommitId>,
    /// The caller's files, without `manifest` and `signature`.
    pub files: RecordFiles,
    /// Of the key that signed.
    pub fingerprint: String,
}

impl History {
    /// Reads a record and believes nothing that is not signed by one of the keys for this environment.
    ///
    /// This is one record by itself. That the branch still leads back to the last one seen is for
    /// [`History::descends_from`] to say.
    pub fn verify_record(&self, commit: CommitId, environment: &EnvironmentId, allowed: &[RecordPublicKey]) -> Result<VerifiedRecord, RecordError> {
        let repository = self.local();
        let mut files = tree::load(&repository, commit_tree(&repository, commit)?, Scope::Whole, files::RECORD)?;
        let signature = take(&mut files, commit, SIGNATURE)?;
        let text = take(&mut files, commit, MANIFEST)?;

        let malformed = |file| RecordError::Malformed { commit, file };
        let signature = SshSig::from_pem(&signature).map_err(|_| malformed(SIGNATURE))?;
        let key = RecordPublicKey::claimed_by(&signature);
        let fingerprint = key.fingerprint();
        if !allowed.contains(&key) {
            return Err(RecordError::UnknownKey { commit, fingerprint });
        }
        if !key.accepts(&text, &signature) {
            return Err(RecordError::BadSignature { commit, fingerprint });
        }
        // From here on the manifest is what the key's holder said; now the commit has to match it.
        let manifest = Manifest::parse(&text).ok_or(malformed(MANIFEST))?;
        if manifest.environment != *environment {
            return Err(RecordError::OtherEnvironment { commit, found: manifest.environment, expected: environment.clone() });
        }
        if commit_info(&repository, commit)?.parents != manifest.parents() {
            return Err(RecordError::OtherParents { commit });
        }
        if let Some(path) = first_difference(&manifest, &files) {
            return Err(RecordError::Changed { commit, path });
        }
        Ok(VerifiedRecord { commit, environment: manifest.environment, previous: manifest.previous, source: manifest.source, files, fingerprint })
    }
}

impl History {
    /// The files of a record but its artefacts, unverified. For records that a verified one leads back to: the signature of each covers its
    /// parents' ids, so what is below a verified tip is what was signed above it.
    pub fn record_files(&self, commit: CommitId) -> Result<RecordFiles, RecordError> {
        let repository = self.local();
        let mut files = tree::load(&repository, commit_tree(&repository, commit)?, Scope::Record, files::RECORD)?;
        files.remove(SIGNATURE);
        files.remove(MANIFEST);
        Ok(files)
    }

    /// Of those only what is below [`ARTEFACTS_FOLDER`](crate::record::ARTEFACTS_FOLDER), at the cost of nothing else.
    pub fn record_artefacts(&self, commit: CommitId) -> Result<RecordFiles, RecordError> {
        let repository = self.local();
        Ok(tree::load(&repository, commit_tree(&repository, commit)?, Scope::Artefacts, files::RECORD)?)
    }
}

fn take(files: &mut RecordFiles, commit: CommitId, file: &'static str) -> Result<Vec<u8>, RecordError> {
    files.remove(file).ok_or(RecordError::Missing { commit, file })
}

fn first_difference(manifest: &Manifest, files: &RecordFiles) -> Option<String> {
    let signed = manifest.files.iter().cloned().collect();
    let found = hashes(files).into_iter().collect();
    changed_paths(&signed, &found).into_iter().next()
}
