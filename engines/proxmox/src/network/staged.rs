//! Whose are the changes that are staged on a node? Read from the difference of the two files, which is all that Proxmox tells.
//!
//! Our own are recognised by our mark: each stanza that a step of ours writes has the step's digest in a comment. A stanza that
//! differs without it was changed by somebody else, and then nothing is applied and nothing is thrown away.

use std::collections::BTreeMap;

use core_model::plan::{Action, Step};

use super::parts;
use crate::comment::Mark;

/// What differs in the stanzas of one interface.
#[derive(Debug, Default, PartialEq, Eq)]
struct Touched {
    /// A line of the new file differs.
    has_new: bool,
    /// The marks on new lines.
    marks: Vec<Mark>,
}

/// Whether everything that is staged was staged by one of these steps.
pub(super) fn is_only_of<'s>(changes: &str, steps: impl Iterator<Item = &'s Step>) -> bool {
    let steps: BTreeMap<&str, &Step> = steps.map(|step| (step.object.as_str(), step)).collect();
    let Some(touched) = touched(changes) else { return false };
    touched.iter().all(|(name, touched)| {
        let step = steps.iter().find(|(object, _)| parts(object).is_some_and(|(_, own)| own == name)).map(|(_, step)| *step);
        let Some(step) = step else { return false };
        let is_stamped = touched.marks.iter().any(|mark| mark.object == step.object && mark.is_of_step(step.digest.as_str()));
        match step.action {
            Action::Delete => !touched.has_new,
            Action::Replace => is_stamped || !touched.has_new,
            _ => is_stamped,
        }
    })
}

/// What differs, by interface. `None` where a line differs of which nobody can say what it belongs to.
fn touched(changes: &str) -> Option<BTreeMap<String, Touched>> {
    let mut found: BTreeMap<String, Touched> = BTreeMap::new();
    let mut part = Part::default();
    for line in changes.lines().filter(|line| !line.starts_with("---") && !line.starts_with("+++")) {
        let (mark, text) = (line.get(..1).unwrap_or_default(), line.get(1..).unwrap_or_default());
        if line.starts_with("@@") || text.trim().is_empty() {
            std::mem::take(&mut part).close(&mut found)?;
        } else {
            part.line(mark, text);
        }
    }
    part.close(&mut found)?;
    Some(found)
}

/// Lines without an empty one between them: a stanza, or what a hunk shows of it.
#[derive(Default)]
struct Part {
    name: Option<String>,
    touched: Touched,
    differs: bool,
    /// Only comments differ.
    is_idle: bool,
}

impl Part {
    fn line(&mut self, mark: &str, text: &str) {
        let words: Vec<&str> = text.split_whitespace().collect();
        if let ["iface" | "auto", name, ..] = words.as_slice() {
            self.name = Some((*name).to_owned());
        }
        let own = text.strip_prefix('#').and_then(Mark::parse);
        if let Some((_, name)) = own.as_ref().and_then(|mark| parts(&mark.object)) {
            self.name.get_or_insert_with(|| name.to_owned());
        }
        if mark == " " {
            return;
        }
        self.is_idle = text.trim_start().starts_with('#') && (self.is_idle || !self.differs);
        self.differs = true;
        if mark == "+" {
            self.touched.has_new = true;
            self.touched.marks.extend(own);
        }
    }

    fn close(self, found: &mut BTreeMap<String, Touched>) -> Option<()> {
        match self.name {
            _ if !self.differs => {}
            Some(name) => {
                let entry = found.entry(name).or_default();
                entry.has_new |= self.touched.has_new;
                entry.marks.extend(self.touched.marks);
            }
            // The comments at the head of the file.
            None if self.is_idle => {}
            None => return None,
        }
        Some(())
    }
}

/// The words for what somebody staged, with both ways out.
pub(super) fn words(node: &str, changes: &str) -> String {
    let shown: String = changes.chars().take(SHOWN_LENGTH_MAX).collect();
    format!(
        "changes of the network of `{node}` are staged and not applied, and they are not ours:\n{shown}\nApply them with `pvesh set \
         /nodes/{node}/network`, or throw them away with `pvesh delete /nodes/{node}/network`"
    )
}

const SHOWN_LENGTH_MAX: usize = 1_200;

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "ipr 6f0c2a9e/prod/infra.one pve1/vmbr1 0123456789abcdef";

    fn names(changes: &str) -> Option<Vec<(String, bool, usize)>> {
        Some(touched(changes)?.into_iter().map(|(name, touched)| (name, touched.has_new, touched.marks.len())).collect())
    }

    #[test]
    fn each_line_belongs_to_its_stanza() {
        let new = format!("--- a\n+++ b\n@@ -9,0 +10,5 @@\n \n+auto vmbr1\n+iface vmbr1 inet manual\n+\tbridge-ports none\n+#{OURS}\n+\n");
        assert_eq!(names(&new), Some(vec![("vmbr1".to_owned(), true, 1)]));
        let lower = format!("@@ -12,7 +12,7 @@\n \tbridge-stp off\n-\tmtu 1500\n+\tmtu 9000\n-#{OURS}\n+#{OURS}\n \n iface vmbr2 inet manual\n");
        assert_eq!(names(&lower), Some(vec![("vmbr1".to_owned(), true, 1)]));
        let two = format!("@@ -1 +1 @@\n-iface vmbr1 inet manual\n-#{OURS}\n-\n iface eno3 inet manual\n+\tmtu 9000\n");
        assert_eq!(names(&two), Some(vec![("eno3".to_owned(), true, 0), ("vmbr1".to_owned(), false, 0)]));
    }

    #[test]
    fn a_line_that_belongs_to_nothing_is_not_ours() {
        assert_eq!(names("@@ -1 +1 @@\n \tbridge-fd 0\n-\tmtu 1500\n+\tmtu 9000\n \n"), None);
        assert_eq!(names("@@ -1 +1 @@\n+source /etc/network/interfaces.d/*\n"), None);
        assert_eq!(names("@@ -1 +1 @@\n+# autogenerated\n+#\n"), Some(Vec::new()));
    }
}
