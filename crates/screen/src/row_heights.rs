//! Which rows of a long list are in sight, and how high all the others are together. Only rows in sight are in the
//! document.
//!
//! Rows have different heights, and a row can be measured only once it is drawn. They are measured in chunks: the
//! height of a measured chunk is kept, and every other chunk counts as high as the average one.

use std::ops::Range;

/// Rows in a chunk. A chunk is drawn as a whole or not at all.
pub const CHUNK: usize = 16;
/// The height of a row, in pixels, as long as none has been measured.
const ROW: f64 = 44.0;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heights {
    chunks: Vec<Option<f64>>,
}

impl Heights {
    /// A whole chunk was measured. Returns whether its height has changed.
    pub fn measured(&mut self, chunk: usize, height: f64) -> bool {
        if self.chunks.len() <= chunk {
            self.chunks.resize(chunk + 1, None);
        }
        let known = &mut self.chunks[chunk];
        // A difference of a fraction of a pixel is ignored, because drawing and measuring could repeat it for ever.
        let is_news = known.is_none_or(|known| (known - height).abs() > 0.5);
        if is_news {
            *known = Some(height);
        }
        is_news
    }

    /// The distance from the top of the list to a row.
    #[must_use]
    pub fn offset(&self, row: usize) -> f64 {
        let average = self.average();
        let whole = row / CHUNK;
        let height = |chunk: usize| self.of(chunk).unwrap_or(average);
        let before: f64 = (0..whole).map(height).sum();
        before + height(whole) * (row % CHUNK) as f64 / CHUNK as f64
    }

    /// The rows that lie between `top` and `bottom` of a list of `total` rows, as whole chunks.
    #[must_use]
    pub fn between(&self, top: f64, bottom: f64, total: usize) -> Range<usize> {
        let average = self.average();
        let (mut chunk, mut end_of_chunk) = (0, self.of(0).unwrap_or(average));
        let chunks = total.div_ceil(CHUNK);
        while end_of_chunk <= top && chunk + 1 < chunks {
            chunk += 1;
            end_of_chunk += self.of(chunk).unwrap_or(average);
        }
        let first = chunk;
        while end_of_chunk < bottom && chunk + 1 < chunks {
            chunk += 1;
            end_of_chunk += self.of(chunk).unwrap_or(average);
        }
        first * CHUNK..(chunk + 1) * CHUNK
    }

    fn of(&self, chunk: usize) -> Option<f64> {
        self.chunks.get(chunk).copied().flatten()
    }

    fn average(&self) -> f64 {
        let known = || self.chunks.iter().flatten();
        match known().count() {
            0 => ROW * CHUNK as f64,
            count => known().sum::<f64>() / count as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: f64 = ROW * CHUNK as f64;

    #[test]
    fn only_rows_in_sight_and_always_whole_chunks() {
        let heights = Heights::default();
        assert_eq!(heights.between(-500.0, PAGE * 0.9, 100_000), 0..CHUNK);
        assert_eq!(
            heights.between(PAGE * 10.5, PAGE * 11.5, 100_000),
            10 * CHUNK..12 * CHUNK
        );
        let end = heights.between(PAGE * 1e6, PAGE * 2e6, 100_000);
        assert!(end.contains(&99_999) && end.len() == CHUNK, "{end:?}");
        assert_eq!(heights.between(0.0, 100.0, 0), 0..CHUNK);
    }

    #[test]
    fn measured_chunks_have_their_height_and_others_the_average() {
        let mut heights = Heights::default();
        assert!(heights.measured(0, 1_000.0));
        assert!(heights.measured(1, 3_000.0));
        assert!(!heights.measured(1, 3_000.3), "no news");
        assert_eq!(heights.offset(CHUNK), 1_000.0);
        assert_eq!(heights.offset(2 * CHUNK), 4_000.0);
        assert_eq!(heights.offset(3 * CHUNK), 6_000.0);
        assert_eq!(heights.offset(CHUNK / 2), 500.0);
        assert_eq!(heights.between(1_500.0, 1_600.0, 10 * CHUNK), CHUNK..2 * CHUNK);
    }
}
