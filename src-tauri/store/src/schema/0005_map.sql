-- Fifth version: where the texts lie on the map, and selections of texts drawn on it.

-- The map of one vector set: a model, and what of a feedback was embedded. Of each subject the newest is kept.
create table maps (
    id bigint not null,
    created_at timestamp not null,
    model_id varchar not null,
    -- What was embedded of each feedback.
    subject varchar not null,
    seed ubigint not null,
    -- Algorithm and options: a map of others is drawn anew.
    fingerprint varchar not null
);
-- Numbered as they came, so that the window can speak of a point in four bytes. No `default`, no keys: see above.
create table map_points (
    map_id bigint not null,
    point uinteger not null,
    text_hash varchar not null,
    x float not null,
    y float not null,
    -- Put among its neighbours later, when the rest was there already.
    placed boolean not null
);

-- Texts that were chosen by hand, which a filter can name: with content only as long as the texts are there.
create table selections (id bigint not null, created_at timestamp not null, name varchar not null, texts ubigint not null, digest varchar not null);
create table selection_texts (selection_id bigint not null, text_hash varchar not null);
