"""Laurel 桂冠: government quality awards as executable BPMN."""
