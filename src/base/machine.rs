//! What memory this machine has, and what this program takes of it, where the system tells.

use std::path::Path;
use std::sync::OnceLock;

/// Resident memory of this process in bytes: the most it has had.
pub fn most_resident() -> Option<u64> {
    of_process("VmHWM:")
}

/// Resident memory of this process in bytes: what it has now.
pub fn resident() -> Option<u64> {
    of_process("VmRSS:")
}

/// All memory of the machine in bytes; asked once.
pub fn memory() -> Option<u64> {
    static ALL: OnceLock<Option<u64>> = OnceLock::new();
    *ALL.get_or_init(|| entry(&std::fs::read_to_string("/proc/meminfo").ok()?, "MemTotal:"))
}

/// How many bytes this program could have if no other took any: memory and swap, or what its container may have of them.
pub fn most_memory() -> Option<u64> {
    let all = std::fs::read_to_string("/proc/meminfo").ok()?;
    let all = entry(&all, "MemTotal:")? + entry(&all, "SwapTotal:").unwrap_or(0);
    // A group that may have any amount says so with a word.
    let of_group =
        of_group("memory.max").map(|most| most.saturating_add(of_group("memory.swap.max").unwrap_or(0)));
    Some(of_group.map_or(all, |most| most.min(all)))
}

/// How many bytes of memory may still be taken: those that the machine has free, or fewer if this program is in a container
/// that may not have them.
pub fn free_memory() -> Option<u64> {
    let free = entry(&std::fs::read_to_string("/proc/meminfo").ok()?, "MemAvailable:");
    // Files that were read count for the group, too, and are given up when memory is needed.
    let left = || {
        let stat = std::fs::read_to_string(Path::new(GROUP).join("memory.stat")).ok()?;
        let cached = stat
            .lines()
            .find_map(|line| line.strip_prefix("file ")?.parse().ok());
        let used = of_group("memory.current")?.saturating_sub(cached.unwrap_or(0));
        Some(of_group("memory.max")?.saturating_sub(used))
    };
    match (free, left()) {
        (Some(free), Some(left)) => Some(free.min(left)),
        (free, left) => free.or(left),
    }
}

/// Where the system tells what the program's container may have.
const GROUP: &str = "/sys/fs/cgroup";

/// An amount of the container in bytes.
fn of_group(name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(Path::new(GROUP).join(name)).ok()?;
    text.trim().parse().ok()
}

fn of_process(which: &str) -> Option<u64> {
    entry(&std::fs::read_to_string("/proc/self/status").ok()?, which)
}

/// The line `which` of a list of amounts in kilobytes, in bytes.
fn entry(list: &str, which: &str) -> Option<u64> {
    let line = list.lines().find_map(|line| line.strip_prefix(which))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_told_in_bytes() {
        assert_eq!(entry("VmHWM:\t    12 kB\nVmRSS:\t 7 kB\n", "VmRSS:"), Some(7168));
        assert_eq!(entry("VmHWM: 12", "VmHWM:"), None);
        if cfg!(target_os = "linux") {
            assert!(resident().unwrap() <= most_resident().unwrap());
            assert!(free_memory().unwrap() > 1 << 20);
            assert!(free_memory().unwrap() <= most_memory().unwrap());
        }
    }
}
