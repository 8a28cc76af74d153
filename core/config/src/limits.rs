//! How much may a commit ask for? The bounds that keep a hostile file from costing more than it should.

/// The size of one file.
pub(crate) const FILE_BYTES_MAX: usize = 1 << 20;
/// The values of one file, every use of an alias counted with all that it repeats.
pub(crate) const FILE_NODES_MAX: usize = 100_000;
/// How deep maps and lists nest.
pub(crate) const DEPTH_MAX: usize = 64;
/// The resources of one environment.
pub(crate) const RESOURCES_MAX: usize = 10_000;
/// The values that overlays, `each`, templates and references may copy for one environment.
pub(crate) const COPIED_NODES_MAX: usize = 1_000_000;
/// How deep templates use templates.
pub(crate) const TEMPLATE_DEPTH_MAX: usize = 8;
/// How many references may lead on to the next.
pub(crate) const REFERENCE_CHAIN_MAX: usize = 32;
/// The length of one text after its references are filled in.
pub(crate) const TEXT_BYTES_MAX: usize = 64 << 10;
/// How many names are compared to find the ones that were meant; each comparison takes about a microsecond.
pub(crate) const NAME_COMPARISONS_MAX: usize = 50_000;
