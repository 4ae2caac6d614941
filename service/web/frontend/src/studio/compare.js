// Styles of what differs: between two states of a draft, and on two diagrams beside each other.
import './compare/compare.css';
