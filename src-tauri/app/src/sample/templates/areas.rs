use super::Area;

pub static AREAS: &[Area] = &[
    Area {
        name: "refunds",
        weight: 16,
        queries: &[
            "[How long|Until when] can I return the {item}?",
            "I bought a {item} {weeks} ago, can I still [get my money back|return it|get a refund]?",
            "[What is|Tell me] your refund [policy|period|window] for a {item}",
            "The {item} from order {order} does not suit me. [Is a refund possible|Can I send it back]?",
            "[hi|hello], how many days do I have to send the {item} back",
        ],
        answers: &[
            "You can return the {item} within 30 days of delivery. The refund of {price} goes to the card you paid with.",
            "Our refund window is 30 days from the day the {item} arrived. Please keep the original packaging.",
            "Returns are free within 30 days. Open order {order}, choose Return, and print the label.",
        ],
        documents: &[
            (
                "Refunds and returns",
                "Customers may return goods within 30 days of delivery. After 30 days no refund is given, only repair under warranty.",
            ),
            (
                "Return labels",
                "A prepaid label is offered in the order page. Refunds are paid within five working days of arrival.",
            ),
        ],
    },
    Area {
        name: "delivery",
        weight: 15,
        queries: &[
            "Where is my order {order}?",
            "[When will|Any idea when] the {item} [arrive|be delivered|get here]?",
            "My parcel to {city} has [not moved|been stuck] since {weekday}, what is going on",
            "[Can you track|Please check] order {order} for me",
        ],
        answers: &[
            "Order {order} left our warehouse on {weekday} and is with the carrier. It should reach {city} in two working days.",
            "The {item} is out for delivery. You will get a message with a one-hour slot in the morning.",
            "The carrier scanned order {order} in {city} this morning. Delivery is planned for {weekday}.",
        ],
        documents: &[
            (
                "Delivery times",
                "Standard delivery takes two to four working days. Tracking is updated by the carrier at each scan.",
            ),
            ("Lost parcels", "A parcel without a scan for seven days counts as lost and is sent again."),
        ],
    },
    Area {
        name: "account",
        weight: 15,
        queries: &[
            "I cannot log in, [the code never arrives|it says my code is wrong]",
            "How do I [turn on|set up|enable] two-factor login?",
            "[Where do I change|How can I change] my password on my {device}?",
            "I got a new {device} and [lost access to|cannot get into] my account",
        ],
        answers: &[
            "Open Sign in, choose Send a new code, and check your spam folder. Codes are valid for ten minutes.",
            "Two-factor login is under Profile, Security. Scan the picture with your {device} and type the six digits.",
            "Use Forgot password on the sign-in page. The link in the message works once, for one hour.",
        ],
        documents: &[
            (
                "Signing in",
                "Codes are sent by e-mail and are valid for ten minutes. Profile, Security holds all login settings.",
            ),
            ("New device", "On a new device sign in with the e-mail address; a code confirms the device."),
        ],
    },
    Area {
        name: "stock",
        weight: 12,
        queries: &[
            "Is the {item} [in stock|available] in {city}?",
            "When do you get [more of|new stock of] the {item}?",
            "[Do you have|Have you got] the {item} in size {size}?",
        ],
        answers: &[
            "The {item} is in stock online and ships tomorrow. The shop in {city} has three left.",
            "The {item} is sold out at the moment. We expect new stock on {weekday}; I can note your address.",
            "Yes, the {item} in size {size} is available online.",
        ],
        documents: &[("Stock levels", "Stock is updated every fifteen minutes. Shops report at closing time.")],
    },
    Area {
        name: "sizes",
        weight: 10,
        queries: &[
            "Does the {item} run [small|large]? I usually take {size}",
            "[Which|What] size of the {item} should I [take|order]? I am 178 cm",
            "I am between two sizes of the {item}, [what do you recommend|which one fits better]?",
        ],
        answers: &[
            "The {item} runs true to size. If you usually take {size}, stay with {size}.",
            "At 178 cm most customers choose size M for the {item}. The sleeve is 64 cm.",
            "Between two sizes we suggest the larger one, since the {item} is cut close.",
        ],
        documents: &[("Size charts", "Measure chest, waist and inside leg. Each product page links its own chart.")],
    },
    Area {
        name: "discounts",
        weight: 10,
        queries: &[
            "The code {code} [does not work|is not accepted], why?",
            "[Is there|Do you have] a discount for [students|a first order|large orders]?",
            "Can I [use|combine] {code} on a {item} that is already reduced?",
        ],
        answers: &[
            "{code} needs a basket of at least 50 and cannot be combined with reduced goods.",
            "There is 10 % off your first order. Sign up for the letter and the code arrives at once.",
            "Reduced goods are excluded from {code}, but delivery is free above 60.",
        ],
        documents: &[(
            "Discount codes",
            "Codes are valid once per customer, from a basket of 50, not on reduced goods.",
        )],
    },
    Area {
        name: "changes",
        weight: 12,
        queries: &[
            "[How do I|Can I] cancel order {order}?",
            "I typed the wrong address for order {order}, [can you change it|please fix it]",
            "Can I [add|swap] a {item} [to|in] an order I placed [today|on {weekday}]?",
        ],
        answers: &[
            "Order {order} is not packed yet, so you can cancel it in the order page with one click.",
            "I have changed the address of order {order} to {city}. You will get a confirmation.",
            "Once an order is packed it cannot be changed. You can refuse the parcel and it comes back to us.",
        ],
        documents: &[(
            "Changing an order",
            "Orders can be changed or cancelled until they are packed, usually for two hours.",
        )],
    },
    Area {
        name: "invoices",
        weight: 10,
        queries: &[
            "I need an invoice with [our company name|a VAT number] for order {order}",
            "[Why was I charged|My card shows] {price} twice",
            "Where can I [download|find] the receipt for the {item}?",
        ],
        answers: &[
            "Invoices are in the order page under Documents. Add the VAT number there and a new one is made.",
            "One of the two amounts of {price} is a reservation and disappears within three days.",
            "The receipt for the {item} was sent on {weekday}; I have sent it again.",
        ],
        documents: &[(
            "Invoices",
            "Company details can be added for 60 days after the purchase. Reservations end after three days.",
        )],
    },
];
