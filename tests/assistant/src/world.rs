//! Which repository do the requests talk about?

use core_config::Files;
use jiff::Zoned;

const FILES: [(&str, &str); 6] = [
    ("ipr.yaml", include_str!("../repository/ipr.yaml")),
    ("blueprints/rack1.yaml", include_str!("../repository/blueprints/rack1.yaml")),
    ("blueprints/shop.yaml", include_str!("../repository/blueprints/shop.yaml")),
    ("blueprints/shop-app.yaml", include_str!("../repository/blueprints/shop-app.yaml")),
    ("blueprints/shop-app.dev.yaml", include_str!("../repository/blueprints/shop-app.dev.yaml")),
    ("blueprints/tools.yaml", include_str!("../repository/blueprints/tools.yaml")),
];

/// The files of its commit.
pub fn files() -> Files {
    FILES.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect()
}

/// The moment at which all requests are written: Friday, 20 November 2026, ten in the morning in Rome.
pub fn now() -> Zoned {
    "2026-11-20T10:00:00+01:00[+01:00]".parse().expect("the corpus' moment is well formed")
}
