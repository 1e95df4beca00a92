//! What a Dash Enterprise 4 server said of its apps, as data: the file `inventory.json`, which app
//! of it an app of a repository is, and what follows for the order of a move. Who asked the server,
//! and how, is not known here; values of environment variables are never read back.

mod day;
mod document;
mod join;
mod name;
mod waves;

pub use day::{Day, NoDay};
pub use document::{
    App, Inventory, InventoryError, Mapping, Process, Service, VERSION, Value, Variable, Viewers,
};
pub use join::{Joined, Known};
pub use name::{AppName, NameSource, Names};
pub use waves::{Placed, Retired, Waves, Weight, waves};
