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
    Inventory, InventoryApp, InventoryError, InventoryMapping, InventoryProcess, InventoryService,
    InventoryVariable, SecretValue, VERSION, Viewers,
};
pub use join::{Joined, KnownInventory};
pub use name::{AppName, NameSource, Names, is_server_name};
pub use waves::{Placed, Retired, Waves, Weight, waves};
