//! What pages are drawn with. Nothing here knows a programme, and no programme knows what is here.

pub mod band;
pub mod clock;
pub mod code_step;
pub mod credentials;
pub mod dialog;
pub mod emergency;
pub mod entry_field;
pub mod fields;
pub mod form;
pub mod icon;
pub mod indicator;
pub mod line;
pub mod line_chart;
pub mod outcome;
pub mod page;
pub mod previous;
pub mod psc_door;
pub mod qr;
pub mod saved;
pub mod search_box;
pub mod shell;
pub mod sign_in_again;
pub mod thistle;
pub mod typeset;
pub mod uncertain;
