//! Whether sections agree: edges with the nodes that count them, names with the strings, the root with the nodes.

use super::Reader;
use crate::base::index::to_u32;
use crate::base::task::Cancelled;
use crate::parse::division::ExactDivision;
use crate::parse::edges::{self, Edges};
use crate::parse::strings::StringTable;
use crate::parse::{literals, schema};

impl Reader<'_, '_> {
    /// Where each node's edges begin. Edges that are not there are taken from the last nodes, edges that belong to no node
    /// are left out.
    pub(super) fn first_edges(&mut self, counts: Vec<u32>, edges: &mut Edges) -> Result<Vec<u32>, Cancelled> {
        let mut firsts = counts;
        let there = edges.heads.len();
        let (mut sum, mut losers) = (0_u64, 0_u64);
        for (at, first) in firsts.iter_mut().enumerate() {
            self.input.task.check_at(at)?;
            let count = std::mem::replace(first, to_u32(there.min(usize::try_from(sum).unwrap_or(there))));
            sum += u64::from(count);
            losers += u64::from(count > 0 && sum > there as u64);
        }
        let end = self.input.bytes.len();
        if self.cut && losers > 0 {
            let what = format!(
                "{losers} of {} nodes have lost edges: distances, retained sizes and paths cannot be trusted",
                firsts.len() - 1
            );
            self.problem(edges::SECTION, end, what);
        }
        if sum < there as u64 {
            let what = format!("nodes have {sum} edges, the file holds {there}: the last are left out");
            self.problem(edges::SECTION, end, what);
            edges.heads.truncate(usize::try_from(sum).unwrap_or(there));
            edges.names.truncate(usize::try_from(sum).unwrap_or(there));
        } else if sum > there as u64 && !self.cut {
            let what = format!("nodes have {sum} edges, the file holds {there}: the others are missing");
            self.problem(edges::SECTION, end, what);
        }
        Ok(firsts)
    }

    /// Tells of names that are no strings.
    pub(super) fn names(&mut self, nodes: &[u32], max_name: u32, edges: &Edges, strings: usize) {
        let there = to_u32(strings);
        let of_nodes = if max_name < there {
            0
        } else {
            nodes.iter().filter(|&&name| name >= there).count()
        };
        let of_edges = if edges.max_name < there {
            0
        } else {
            edges::nameless(edges, strings)
        };
        if of_nodes + of_edges > 0 {
            let most = max_name.max(edges.max_name);
            let what = format!(
                "{of_nodes} nodes and {of_edges} edges have names up to string {most}, the file holds {strings} strings: \
                 they are shown as \"{}\"",
                StringTable::MISSING
            );
            self.problem(literals::SECTION, self.input.bytes.len(), what);
        }
    }

    /// The root's ordinal: the first node's if the header's is no node.
    pub(super) fn root(&mut self, index: u64, width: usize, nodes: usize) -> u32 {
        let root = ExactDivision::by(width as u64).below(index, nodes as u64);
        if root.is_none() {
            let what =
                format!("root_index is {index}, which is no node: the first node is taken for the root");
            self.problem(schema::SECTION, 0, what);
        }
        root.and_then(|root| u32::try_from(root).ok()).unwrap_or(0)
    }
}
