//! The vectorised engine of Jihe: typed rules over claim records to findings
