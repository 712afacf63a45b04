//! What EXPLAIN says of a search: which index serves it, and what it reads.

use serde_json::Value;

/// A plan, as far as it matters here.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The scans of tables, in the order of the plan.
    pub scans: Vec<TableScan>,
    /// The pages that were read or found in memory; None without ANALYZE and BUFFERS.
    pub buffers: Option<f64>,
    /// The milliseconds of the execution; None without ANALYZE.
    pub milliseconds: Option<f64>,
    /// The estimated cost.
    pub cost: f64,
    /// Whether it is generic: parameters are not known to it.
    pub is_generic: bool,
}

/// A scan of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableScan {
    /// `Seq Scan`, `Index Scan`, …
    pub node: String,
    /// The table.
    pub table: String,
    /// The indexes that it uses.
    pub indexes: Vec<String>,
    /// Whether rows come in the order of distances.
    pub is_ordered: bool,
}

impl Plan {
    /// Reads the output of EXPLAIN (FORMAT JSON).
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let explained: Value = serde_json::from_str(text).ok()?;
        let explained = explained.get(0)?;
        let root = explained.get("Plan")?;
        let mut plan = Self {
            scans: Vec::new(),
            buffers: blocks(root),
            milliseconds: explained.get("Execution Time").and_then(Value::as_f64),
            cost: root.get("Total Cost").and_then(Value::as_f64)?,
            is_generic: false,
        };
        plan.add(root);
        Some(plan)
    }

    fn add(&mut self, node: &Value) {
        let order = text(node, "Order By");
        let keys = node.get("Sort Key").and_then(Value::as_array).into_iter().flatten();
        self.is_generic |= keys.filter_map(Value::as_str).chain(order).any(has_parameter);
        if let (Some(node_type), Some(table)) =
            (text(node, "Node Type"), text(node, "Relation Name"))
        {
            self.scans.push(TableScan {
                node: node_type.to_owned(),
                table: table.to_owned(),
                indexes: text(node, "Index Name").map(str::to_owned).into_iter().collect(),
                is_ordered: order.is_some(),
            });
        } else if let (Some(index), Some(scan)) = (text(node, "Index Name"), self.scans.last_mut())
        {
            // A bitmap index scan is below the scan of its table.
            scan.indexes.push(index.to_owned());
        }
        for child in node.get("Plans").and_then(Value::as_array).into_iter().flatten() {
            self.add(child);
        }
    }

    /// Whether all rows come by one of these indexes, in the order of distances.
    #[must_use]
    pub fn is_served_by(&self, indexes: &[String]) -> bool {
        let by = |it: &TableScan| it.is_ordered && it.indexes.iter().all(|it| indexes.contains(it));
        let mut ordered = self.scans.iter().filter(|it| it.is_ordered).peekable();
        ordered.peek().is_some() && ordered.all(by) && !self.scans.iter().any(TableScan::reads_all)
    }

    /// The first scan that is not by one of these indexes, in words.
    #[must_use]
    pub fn other(&self, indexes: &[String]) -> Option<String> {
        let is_other = |it: &&TableScan| !it.indexes.iter().any(|it| indexes.contains(it));
        self.scans.iter().find(is_other).map(TableScan::told)
    }

    /// The indexes that return rows in the order of distances, as only vector indexes do, and are none of these.
    #[must_use]
    pub fn other_indexes(&self, indexes: &[String]) -> Vec<String> {
        let ordered = self.scans.iter().filter(|it| it.is_ordered).flat_map(|it| &it.indexes);
        ordered.filter(|it| !indexes.contains(it)).cloned().collect()
    }
}

impl TableScan {
    fn reads_all(&self) -> bool {
        self.node.ends_with("Seq Scan") || self.node.starts_with("Bitmap")
    }

    /// In words.
    #[must_use]
    pub fn told(&self) -> String {
        let Self { node, table, indexes, .. } = self;
        match indexes.as_slice() {
            [] => format!("{} of {table}", node.to_lowercase().replace("seq ", "sequential ")),
            some => format!("{} by {}", node.to_lowercase(), some.join(", ")),
        }
    }
}

fn text<'v>(node: &'v Value, key: &str) -> Option<&'v str> {
    node.get(key).and_then(Value::as_str)
}

fn blocks(node: &Value) -> Option<f64> {
    let of = |key| node.get(key).and_then(Value::as_f64);
    Some(of("Shared Hit Blocks")? + of("Shared Read Blocks")?)
}

/// Whether an expression has a parameter, outside of literals.
fn has_parameter(expression: &str) -> bool {
    let outside = expression.split('\'').step_by(2);
    outside
        .flat_map(|it| it.split('$').skip(1))
        .any(|it| it.starts_with(|it: char| it.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str) -> Plan {
        Plan::read(text).unwrap()
    }

    const BY_INDEX: &str = r#"[{"Plan": {"Node Type": "Limit", "Total Cost": 9.5,
        "Shared Hit Blocks": 90, "Shared Read Blocks": 3, "Plans": [
        {"Node Type": "Index Scan", "Index Name": "docs_v_idx", "Relation Name": "docs", "Total Cost": 99,
         "Order By": "(v <-> '[1,2,3]'::vector)"}]}, "Execution Time": 0.25}]"#;

    #[test]
    fn a_search_by_the_index() {
        let plan = plan(BY_INDEX);
        assert!(plan.is_served_by(&["docs_v_idx".to_owned()]));
        assert!(!plan.is_generic);
        assert_eq!((plan.buffers, plan.milliseconds, plan.cost), (Some(93.0), Some(0.25), 9.5));
    }

    #[test]
    fn a_search_by_another_index() {
        let other = ["docs_w_idx".to_owned()];
        assert!(!plan(BY_INDEX).is_served_by(&other));
        assert_eq!(plan(BY_INDEX).other(&other).as_deref(), Some("index scan by docs_v_idx"));
        assert_eq!(plan(BY_INDEX).other_indexes(&other), ["docs_v_idx"]);
    }

    #[test]
    fn a_search_without_the_index() {
        let text = r#"[{"Plan": {"Node Type": "Limit", "Total Cost": 9, "Plans": [{"Node Type": "Sort",
            "Sort Key": ["((v <-> $1))"], "Plans": [
            {"Node Type": "Seq Scan", "Relation Name": "docs"}]}]}}]"#;
        let plan = plan(text);
        let wanted = ["docs_v_idx".to_owned()];
        assert!(!plan.is_served_by(&wanted) && plan.is_generic);
        assert!(plan.other_indexes(&wanted).is_empty());
        assert_eq!(plan.other(&wanted).as_deref(), Some("sequential scan of docs"));
    }

    #[test]
    fn a_filter_by_another_index_is_an_exact_search() {
        let text = r#"[{"Plan": {"Node Type": "Sort", "Total Cost": 9, "Plans": [
            {"Node Type": "Bitmap Heap Scan", "Relation Name": "docs", "Plans": [
            {"Node Type": "Bitmap Index Scan", "Index Name": "docs_tenant_idx"}]}]}}]"#;
        let plan = plan(text);
        assert_eq!(
            plan.other(&["docs_v_idx".to_owned()]).as_deref(),
            Some("bitmap heap scan by docs_tenant_idx")
        );
    }

    #[test]
    fn dollars_in_literals_are_no_parameters() {
        assert!(has_parameter("(v <-> $1)"));
        assert!(!has_parameter("(v <-> '$1'::vector)"));
        assert!(!has_parameter("(price$ <-> x)"));
    }
}
