//! What does the page about commands say? The same as the table.

use super::{COMMANDS_MAX, TABLE};

/// The text of `docs/commands.md`. A test compares them.
pub fn reference_page() -> String {
    let mut page = format!(
        "# Commands\n\n\
         <!-- Made from daemon/app/src/commands by the test `commands_page`; do not edit. -->\n\n\
         Write a command as a line of its own in a comment on a pull request, or on the issue of an environment. A comment may hold up to\n\
         {COMMANDS_MAX} of them, and other text. Lines in quotes, code, lists, tables and HTML comments are not commands, and neither is the mail\n\
         below an answer by e-mail. A comment that is edited later is not read again.\n\n\
         A reaction says that a command was taken, and another that it was finished or refused. A refusal lists what is missing, who\n\
         can bring it, and how.\n"
    );
    for spec in TABLE {
        page.push_str(&format!("\n## /{}\n\n", spec.name));
        for usage in spec.usage {
            page.push_str(&format!("    {usage}\n"));
        }
        page.push_str(&format!("\n{}\n\nFor: {}.\n", spec.help, spec.who));
    }
    page
}
