//! Who listens on a port, as /proc has it.

use std::collections::HashSet;
use std::fs;

use super::table;

/// The sockets that listen on a port, by inode.
pub(super) fn listeners(port: u16) -> Vec<u64> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|path| fs::read_to_string(path).unwrap_or_default());
    tables.iter().flat_map(|table| parse(table, port)).collect()
}

/// Those of the listening sockets on a port that none of these processes holds.
pub(super) fn foreign_listeners(port: u16, members: &[u32]) -> Vec<u64> {
    let own: HashSet<u64> = members.iter().flat_map(|&pid| sockets(pid)).collect();
    listeners(port).into_iter().filter(|inode| !own.contains(inode)).collect()
}

/// Which process holds one of these sockets, for a message.
pub(super) fn holder(inodes: &[u64]) -> String {
    match table::pids().find(|&pid| sockets(pid).iter().any(|inode| inodes.contains(inode))) {
        Some(pid) => format!("{} (process {pid})", table::name(pid)),
        None => "a process that can't be looked at".to_owned(),
    }
}

/// proc_net(5): the state 0A is LISTEN.
fn parse(table: &str, port: u16) -> Vec<u64> {
    let inode = |line: &str| {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let (_, local_port) = fields.get(1)?.rsplit_once(':')?;
        let is_meant = fields.get(3) == Some(&"0A") && u16::from_str_radix(local_port, 16) == Ok(port);
        fields.get(9).filter(|_| is_meant)?.parse().ok()
    };
    table.lines().skip(1).filter_map(inode).collect()
}

fn sockets(pid: u32) -> Vec<u64> {
    let entries = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    let inode = |link: std::path::PathBuf| link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok();
    entries.filter_map(|entry| fs::read_link(entry.path()).ok()).filter_map(inode).collect()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_listener_is_found_with_its_process() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let own = std::process::id();
        let inodes = listeners(port);
        assert_eq!(inodes.len(), 1);
        assert_eq!(foreign_listeners(port, &[own]), Vec::<u64>::new());
        assert_eq!(foreign_listeners(port, &[]), inodes);
        assert!(holder(&inodes).contains(&format!("(process {own})")));
        drop(listener);
        assert_eq!(listeners(port), Vec::<u64>::new());
    }
}
