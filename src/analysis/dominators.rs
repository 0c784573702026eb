//! The dominator tree.

use crate::base::index::{Ix as _, NodeIx};

/// Every node's immediate dominator; the root's is the root.
#[derive(Debug)]
pub struct Dominators {
    immediate: Vec<NodeIx>,
}

impl Dominators {
    /// The immediate dominator of `node`.
    #[inline]
    pub fn of(&self, node: NodeIx) -> NodeIx {
        self.immediate[node.at()]
    }

    /// The nodes whose immediate dominator is `node`, in file order: a pass over all nodes (some milliseconds each ten
    /// million), so that no second copy of the tree is kept.
    pub fn dominated(&self, node: NodeIx) -> Vec<NodeIx> {
        let own = |child: &NodeIx| *child != node;
        let children = self
            .immediate
            .iter()
            .enumerate()
            .filter(|&(_, &idom)| idom == node);
        children.map(|(at, _)| NodeIx::new(at)).filter(own).collect()
    }
}
