#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| benchplot_fuzz::read("text", bytes));
