"""Drawn sample pictures of projects for ballots: no photograph of a real place, and marked as samples."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

LETTERS = Path(__file__).resolve().parents[2] / "static" / "fonts" / "pdf" / "Sarabun-Bold.ttf"
SIZE = (960, 720)  # twice what a ballot shows, so that edges are smooth
SKIES = ("#e6ece8", "#e4ecf7", "#fdf0cf")
GROUND, INK, GREEN, GOLD, RED, WHITE, GREY = (
    "#cfe3d8",
    "#14211b",
    "#00694b",
    "#f2c14e",
    "#c0392b",
    "#ffffff",
    "#8a9992",
)
Pen = ImageDraw.ImageDraw


def _tent(pen: Pen) -> None:
    for left in (190, 760):
        pen.rectangle((left, 330, left + 14, 590), fill=GREY)
    pen.polygon([(480, 120), (830, 340), (130, 340)], fill=GREEN)
    pen.polygon([(480, 120), (600, 340), (360, 340)], fill=WHITE)
    for left in range(130, 830, 70):
        pen.pieslice((left, 305, left + 70, 375), 0, 180, fill=WHITE if left // 70 % 2 else GREEN)


def _extinguisher(pen: Pen) -> None:
    pen.rounded_rectangle((390, 240, 570, 600), 70, fill=RED)
    pen.rectangle((450, 180, 510, 250), fill=INK)
    pen.polygon([(430, 180), (600, 140), (600, 165), (510, 195)], fill=INK)
    pen.arc((230, 190, 460, 560), 90, 280, fill=INK, width=22)
    pen.rectangle((420, 360, 540, 480), fill=WHITE)
    pen.polygon([(480, 375), (520, 465), (440, 465)], fill=GOLD)


def _elders(pen: Pen) -> None:
    for left, shirt in ((250, GREEN), (530, GOLD)):
        pen.ellipse((left + 40, 200, left + 160, 320), fill="#d9a679")
        pen.pieslice((left + 35, 185, left + 165, 315), 180, 360, fill="#f5f5f0")
        pen.rounded_rectangle((left, 330, left + 200, 600), 60, fill=shirt)
    pen.line((440, 420, 540, 420), fill="#d9a679", width=34)


def _loudspeaker(pen: Pen) -> None:
    pen.rectangle((466, 330, 494, 620), fill=GREY)
    for turn in (-1, 1):
        x = 480 + turn * 40
        pen.polygon(
            [(x, 230), (x, 310), (x + turn * 190, 390), (x + turn * 190, 150)],
            fill=GREEN if turn > 0 else "#004d37",
        )
        for far in (60, 100):
            edge = x + turn * 190
            pen.arc(
                (edge - far, 270 - far, edge + far, 270 + far),
                *((-40, 40) if turn > 0 else (140, 220)),
                fill=INK,
                width=12,
            )
    pen.rectangle((440, 230, 520, 330), fill=INK)


def _camera(pen: Pen) -> None:
    pen.rectangle((170, 130, 200, 620), fill=GREY)
    pen.rectangle((200, 190, 420, 214), fill=GREY)
    pen.polygon([(400, 160), (720, 250), (690, 370), (370, 280)], fill=WHITE, outline=INK, width=10)
    pen.ellipse((650, 260, 760, 370), fill=INK)
    pen.ellipse((685, 290, 730, 335), fill=GOLD)


def _drain(pen: Pen) -> None:
    pen.polygon([(120, 620), (300, 330), (660, 330), (840, 620)], fill="#b9c2bd")
    for line in range(1, 4):
        y = 330 + line * 72
        pen.line((300 - line * 45, y, 660 + line * 45, y), fill=WHITE, width=8)
    pen.rounded_rectangle((360, 400, 600, 560), 20, fill=INK)
    for left in range(385, 590, 36):
        pen.rectangle((left, 420, left + 16, 540), fill=GREY)


def _table(pen: Pen) -> None:
    pen.rectangle((220, 350, 740, 384), fill="#a9744f")
    for left, lean in ((270, -30), (670, 30)):
        pen.line((left, 384, left + lean, 610), fill=GREY, width=20)
    for left in (90, 770):
        pen.rounded_rectangle((left, 270, left + 100, 430), 16, fill=GREEN)
        pen.rectangle((left - 6, 430, left + 106, 456), fill="#004d37")
        for leg in (left, left + 84):
            pen.rectangle((leg, 456, leg + 16, 610), fill="#004d37")


def _computer(pen: Pen) -> None:
    pen.rounded_rectangle((250, 180, 630, 440), 18, fill=INK)
    pen.rectangle((274, 204, 606, 416), fill="#9fcbb5")
    pen.polygon([(410, 440), (470, 440), (500, 520), (380, 520)], fill=GREY)
    pen.rectangle((180, 520, 800, 550), fill="#a9744f")
    pen.rounded_rectangle((660, 400, 800, 520), 14, fill=WHITE, outline=INK, width=8)
    pen.rectangle((690, 340, 770, 404), fill=WHITE, outline=INK, width=6)


def _health(pen: Pen) -> None:
    pen.rounded_rectangle((300, 250, 660, 560), 30, fill=WHITE, outline=INK, width=10)
    pen.rectangle((340, 300, 620, 430), fill="#9fcbb5")
    pen.line(
        [(350, 370), (430, 370), (460, 310), (500, 420), (530, 370), (610, 370)],
        fill=RED,
        width=14,
        joint="curve",
    )
    pen.ellipse((440, 460, 520, 540), fill=GREEN)
    pen.arc((560, 420, 860, 640), 180, 320, fill=INK, width=18)
    pen.rounded_rectangle((100, 330, 260, 480), 24, fill=GREEN)


def _lamp(pen: Pen) -> None:
    pen.rectangle((466, 170, 494, 620), fill=GREY)
    pen.polygon([(330, 130), (630, 90), (640, 130), (340, 170)], fill="#1c3f75")
    pen.rectangle((494, 230, 640, 250), fill=GREY)
    pen.polygon([(620, 250), (700, 250), (800, 610), (520, 610)], fill="#f9e3a6")
    pen.rounded_rectangle((600, 226, 720, 262), 12, fill=INK)
    pen.polygon([(0, 650), (960, 600), (960, 720), (0, 720)], fill="#9cc3d9")


def _sweets(pen: Pen) -> None:
    pen.ellipse((170, 400, 670, 610), fill="#a9744f")
    pen.ellipse((200, 420, 640, 580), fill="#e2c79b")
    for place, colour in enumerate((GREEN, GOLD, WHITE, RED, GREEN, GOLD)):
        left, top = 240 + place % 3 * 130, 440 + place // 3 * 60
        pen.ellipse((left, top, left + 90, top + 60), fill=colour)
    for left in (330, 430, 530):
        pen.arc((left - 30, 260, left + 30, 320), 90, 270, fill=GREY, width=10)
        pen.arc((left - 30, 320, left + 30, 380), 270, 90, fill=GREY, width=10)
    pen.rounded_rectangle((720, 300, 850, 560), 22, fill=INK)
    pen.rectangle((734, 326, 836, 524), fill="#9fcbb5")


# A word of the project's name → what is drawn, and what the drawing shows.
MOTIFS: dict[str, tuple[Callable[[Pen], None], str]] = {
    "เต็นท์": (_tent, "เต็นท์สนามผ้าใบสีเขียวขาวบนโครงเหล็ก"),
    "ถังดับเพลิง": (_extinguisher, "ถังดับเพลิงสีแดงหนึ่งถัง"),
    "ผู้สูงอายุ": (_elders, "ผู้สูงอายุสองคนยืนเคียงกัน"),
    "เครื่องเสียง": (_loudspeaker, "ลำโพงสองตัวบนเสา หันไปคนละทาง"),
    "กล้องวงจรปิด": (_camera, "กล้องวงจรปิดบนเสา"),
    "ฝาท่อ": (_drain, "ทางเท้าที่ปูใหม่ มีฝาท่อตะแกรง"),
    "โต๊ะพับ": (_table, "โต๊ะพับหนึ่งตัวกับเก้าอี้สองตัว"),
    "คอมพิวเตอร์": (_computer, "คอมพิวเตอร์และเครื่องพิมพ์บนโต๊ะ"),
    "ความดัน": (_health, "เครื่องวัดความดันโลหิต"),
    "ขนม": (_sweets, "ขนมไทยในถาดไม้ไผ่และโทรศัพท์สำหรับขาย"),
    "โซลาร์": (_lamp, "เสาไฟโซลาร์เซลล์ริมคลอง"),
}


def drawn(name: str, number: int) -> tuple[bytes, str] | None:
    """A sample picture for a project of this name (PNG) and what it shows; None where nothing fits."""
    word = next((word for word in MOTIFS if word in name), None)
    if word is None:
        return None
    return _picture(word, number % len(SKIES)), f"ภาพวาดตัวอย่าง: {MOTIFS[word][1]}"


@cache
def _picture(word: str, sky: int) -> bytes:
    made = Image.new("RGB", SIZE, SKIES[sky])
    pen = ImageDraw.Draw(made)
    pen.rectangle((0, 600, *SIZE), fill=GROUND)
    MOTIFS[word][0](pen)
    letters = ImageFont.truetype(LETTERS, 52)
    pen.rectangle((0, 644, 516, 720), fill=INK)
    pen.text((258, 680), "ภาพตัวอย่าง · sample", font=letters, fill=WHITE, anchor="mm")
    out = io.BytesIO()
    made.save(out, "PNG", compress_level=1)
    return out.getvalue()
