//! Sets of nodes that the Summary can be limited to.
