"""The fields of one archive in the settings."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QSpinBox, QWidget

from bone_age_gui.core.values.typed_values import parse_list
from bone_age_gui.gui.look.widgets import from_left
from bone_age_gui.pacs.nodes import Node, Protocol
from bone_age_gui.wording.archive import PROTOCOLS
from bone_age_gui.wording.language import mark, tr

_ROWS = (
    ("host", mark("&Host"), "pacs.hospital.example"),
    ("ae_title", mark("Archive's AE &title"), "PACS"),
    ("own_ae_title", mark("This program's AE t&itle"), "BONEAGE"),
    ("url", mark("&Address"), "https://pacs.hospital.example/dicom-web"),
    ("user", mark("&User"), mark("empty: the password is a token")),
    ("ca_file", mark("Trusted certi&ficates"), mark("PEM file; empty: those of the system")),
    ("certificate", mark("Own &certificate"), mark("PEM file, if the archive wants one")),
    ("key_file", mark("Its &key"), mark("PEM file")),
    ("charset", mark("Character &set"), mark("ISO_IR 144, GB18030")),
    ("words", mark("&Words of a hand film"), mark("hand, bone age")),
)
_DIMSE_ONLY = ("host", "port", "ae_title", "own_ae_title", "tls")
_WEB_ONLY = ("url", "user", "password")
_KEPT = mark("kept; type another one to change it")


class NodeForm(QWidget):
    """Shows one node and gives back what is typed; ``password`` is never shown again."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = _line(tr("Name"), tr("Hospital"))
        self.protocol = QComboBox()
        self.protocol.setAccessibleName(tr("Protocol"))
        for protocol in Protocol:
            self.protocol.addItem(tr(PROTOCOLS[protocol]), protocol)
        self.port = QSpinBox()
        self.port.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.port.setAccessibleName(tr("Port"))
        self.port.setRange(1, 65535)
        self.port.setMinimumHeight(26)
        self.tls = QCheckBox(tr("Encrypted (TLS)"))
        self.lines = {name: _line(tr(text).replace("&", ""), tr(hint)) for name, text, hint in _ROWS}
        self.lines["charset"].setToolTip(tr("Of answers that name none"))
        self.password = _line(tr("Password or token"), "")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(16)
        self._lay_out()
        self.protocol.currentIndexChanged.connect(self._show_fields)
        self.name.textEdited.connect(self.changed)
        self.show_node(Node(""), has_password=False)

    def show_node(self, node: Node, has_password: bool) -> None:
        """Fill the fields."""
        self.name.setText(node.name)
        self.protocol.setCurrentIndex(list(Protocol).index(node.protocol))
        self.port.setValue(node.port)
        self.tls.setChecked(node.tls)
        for name, line in self.lines.items():
            value = getattr(node, name)
            line.setText(", ".join(value) if isinstance(value, tuple) else value)
        self.password.clear()
        self.password.setPlaceholderText(tr(_KEPT) if has_password else "")
        self._show_fields()

    def node(self) -> Node:
        """What is typed; ``Node.problem`` says whether it can be used."""
        text = {name: line.text().strip() for name, line in self.lines.items()}
        words = parse_list(text.pop("words"))
        return Node(
            name=self.name.text().strip(), protocol=self._protocol(), port=self.port.value(),
            tls=self.tls.isChecked(), words=words, **text,
        )  # fmt: skip

    def typed_password(self) -> str | None:
        """The password that was typed now; ``None`` if none was."""
        return self.password.text() or None

    def _protocol(self) -> Protocol:
        return Protocol(self.protocol.currentData())  # Qt gives a plain text back

    def _lay_out(self) -> None:
        self._form.addRow(tr("&Name"), self.name)
        self._form.addRow(tr("&Protocol"), self.protocol)
        for name, text, _ in _ROWS:
            self._form.addRow(tr(text), self.lines[name])
            if name == "host":
                self._form.addRow(tr("P&ort"), self.port)
            if name == "own_ae_title":
                self._form.addRow("", self.tls)
            if name == "user":
                self._form.addRow(tr("Pass&word or token"), self.password)

    def _show_fields(self) -> None:
        is_web = self._protocol() is Protocol.DICOMWEB
        fields = {**self.lines, "port": self.port, "tls": self.tls, "password": self.password}
        for names, shown in ((_DIMSE_ONLY, not is_web), (_WEB_ONLY, is_web)):
            for name in names:
                self._form.setRowVisible(fields[name], shown)


def _line(name: str, hint: str) -> QLineEdit:
    line = from_left(QLineEdit())
    line.setAccessibleName(name)
    line.setPlaceholderText(hint)
    return line
