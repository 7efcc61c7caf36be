"""What was typed is never lost: two people write at once, a session ends, a button is pressed twice, a window closes."""

from playwright.sync_api import expect

from tests.journeys.people import Leader, Meet, Resident, SecondLeader

IDEA = "ถังดับเพลิงและการซ้อมดับเพลิงในตรอกแคบ"


def test_two_leaders_write_the_same_text(meet_here: Meet) -> None:
    first, second = meet_here(Leader), meet_here(SecondLeader)
    for leader in (first, second):
        leader.goes_to_plan()
        leader.goes("Write the texts")
    first.types("Vision", "ชุมชนริมคลองที่ปลอดภัย")
    first.presses("Save the texts")

    second.types("Vision", "ชุมชนที่ดูแลผู้สูงอายุ")
    second.types("Problems and strengths", "ทางเดินริมคลองมืดเกินไป")
    second.presses("Save the texts")
    second.sees(second.says("Two versions"))
    second.sees("ชุมชนริมคลองที่ปลอดภัย")
    expect(second.main.get_by_label(second.says("Yours"), exact=True).first).to_have_value("ชุมชนที่ดูแลผู้สูงอายุ")
    second.presses("Save what I have chosen")

    first.goes_to_plan()
    first.sees("ชุมชนที่ดูแลผู้สูงอายุ")
    first.goes("Write the texts")
    expect(first.field("Problems and strengths")).to_have_value("ทางเดินริมคลองมืดเกินไป")


def test_signed_out_while_writing(meet_here: Meet) -> None:
    resident = meet_here(Resident)
    resident.searches(IDEA)
    resident.link(IDEA)
    resident.types("Your comment", "ขอให้ติดตั้งก่อนหน้าแล้ง")
    resident.loses_the_session()
    resident.presses("Send the comment")
    resident.sees(resident.says("What you wrote is kept"))
    resident.sees("ขอให้ติดตั้งก่อนหน้าแล้ง")

    resident.gives_password("Sign in and continue")
    resident.sees("ขอให้ติดตั้งก่อนหน้าแล้ง")
    resident.presses("Send it again")
    expect(resident.said("ขอให้ติดตั้งก่อนหน้าแล้ง")).to_have_count(1)


def test_a_button_pressed_twice(meet_here: Meet) -> None:
    resident = meet_here(Resident)
    resident.searches(IDEA)
    resident.link(IDEA)
    resident.types("Your comment", "กดส่งสองครั้งโดยไม่ตั้งใจ")
    resident.main.get_by_role("button", name=resident.says("Send the comment")).dblclick()
    expect(resident.said("กดส่งสองครั้งโดยไม่ตั้งใจ")).to_have_count(1)
    resident.page.reload()
    expect(resident.said("กดส่งสองครั้งโดยไม่ตั้งใจ")).to_have_count(1)


def test_the_window_closed_while_writing(meet_here: Meet) -> None:
    leader = meet_here(Leader)
    leader.goes_to_plan()
    leader.goes("Write the texts")
    leader.types("Problems and strengths", "เขียนค้างไว้แล้วปิดหน้าต่าง")
    leader.waits_until_kept("เขียนค้างไว้แล้วปิดหน้าต่าง")
    leader.closes_the_window()
    leader.goes_to_plan()
    leader.goes("Write the texts")
    leader.main.get_by_role("button", name=leader.says("Put it back")).click()
    expect(leader.field("Problems and strengths")).to_have_value("เขียนค้างไว้แล้วปิดหน้าต่าง")
