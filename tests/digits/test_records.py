"""What is kept of an operation."""





def test_digits_are_printed_whole_and_rounded_down():
    from lib.digits.records import whole
    assert [whole(d) for d in (15.95, 15.979, 15.981, 12.99, 0.5, 0.0)] == [15, 15, 16, 13, 0, 0]
