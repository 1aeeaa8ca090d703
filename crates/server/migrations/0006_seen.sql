-- The official file in which a card was before the last one: it vouches for the card again when the last one is taken back.
ALTER TABLE seen ADD COLUMN former TEXT;
