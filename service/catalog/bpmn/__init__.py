"""The BPMN model: elements, flows and events of a diagram, and its drawing (shapes, edges, lanes)."""
