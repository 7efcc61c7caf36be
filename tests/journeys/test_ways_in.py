"""Ways into the portal: by the map without a mouse, by mail as a newcomer, by mail after a forgotten password."""

from playwright.sync_api import expect

from tests.journeys.people import Meet, Resident, Visitor

IDEA = "ถังดับเพลิงและการซ้อมดับเพลิงในตรอกแคบ"


class Newcomer(Visitor):
    """Somebody who has no account yet."""


class Forgetful(Resident):
    """A resident whose password nobody else's journey needs."""

    role = "resident2"


def test_the_map_by_keyboard(meet_here: Meet) -> None:
    visitor = meet_here(Visitor)
    tiles = visitor.main.get_by_role("navigation").filter(has=visitor.page.locator("[data-tiles]"))
    first = tiles.get_by_role("link").first
    for _stop in range(60):
        visitor.page.keyboard.press("Tab")
        if first.evaluate("tile => tile === document.activeElement"):
            break
    expect(first).to_be_focused()
    visitor.page.keyboard.press("ArrowDown")
    expect(first).not_to_be_focused()
    visitor.page.keyboard.press("ArrowRight")
    chosen = tiles.locator("a:focus")
    name = chosen.get_attribute("aria-label").split(":")[0]
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    expect(visitor.main.get_by_role("heading", level=1)).to_contain_text(name)


def test_a_resident_registers_by_mail_and_says_something(meet_here: Meet) -> None:
    newcomer = meet_here(Newcomer)
    newcomer.goes_by_menu("Sign in")
    newcomer.goes("Create an account")
    newcomer.types("Email", "somying@example.org")
    newcomer.presses("Send me the link")
    newcomer.opens_mail("somying@example.org")
    newcomer.types("Password", "ปลาทูนึ่งสามเข่งริมคลอง")
    newcomer.types("Given name", "สมหญิง (ตัวอย่าง)")
    newcomer.presses("Create the account")
    newcomer.searches(IDEA)
    newcomer.link(IDEA)
    newcomer.types("Your comment", "เพิ่งย้ายมาอยู่ ขอร่วมซ้อมด้วย")
    newcomer.presses("Send the comment")
    newcomer.sees("เพิ่งย้ายมาอยู่ ขอร่วมซ้อมด้วย")
    newcomer.sees("สมหญิง (ตัวอย่าง)")


def test_a_forgotten_password(meet_here: Meet) -> None:
    resident = meet_here(Forgetful)
    resident.signs_out()
    resident.goes_by_menu("Sign in")
    resident.goes("I forgot my password")
    resident.types("Email", "resident2@example.org")
    resident.presses("Send me the link")
    resident.opens_mail("resident2@example.org")
    resident.types("New password", "ข้าวเหนียวมะม่วงหน้าร้อน")
    resident.presses("Set the password")
    resident.signs_out()
    resident.goes_by_menu("Sign in")
    resident.gives_password("Sign in", password="ข้าวเหนียวมะม่วงหน้าร้อน")
    resident.goes_by_menu("My page")
    resident.sees("resident2@example.org")
