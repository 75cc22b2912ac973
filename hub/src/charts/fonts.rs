//! The font of the pictures, which travels in the program: the machine's fonts never change a picture.

use std::sync::{Arc, LazyLock};

use resvg::usvg::fontdb;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, GlyphId, MetadataProvider};

/// What the SVG asks for; a page without the font takes the next that is alike.
pub(super) const FAMILIES: &str = "DejaVu Sans Condensed, DejaVu Sans, Verdana, sans-serif";
/// The name by which the renderer knows the font.
pub(super) const FAMILY: &str = "DejaVu Sans";

/// How heavy letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// The fonts that the renderer may use, read once.
pub(super) fn database() -> Arc<fontdb::Database> {
    static DATABASE: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
        let mut database = fontdb::Database::new();
        for face in [dejavu::sans_condensed::regular(), dejavu::sans_condensed::bold()] {
            database.load_font_source(fontdb::Source::Binary(Arc::new(face)));
        }
        database.set_sans_serif_family(FAMILY);
        Arc::new(database)
    });
    Arc::clone(&DATABASE)
}

/// Whether the font has this letter; what it lacks is drawn as a box.
pub(super) fn has(letter: char) -> bool {
    face(Weight::Regular).is_none_or(|face| face.charmap().map(letter).is_some())
}

/// How wide a letter is in ems; a letter that the font lacks is as wide as the box that is drawn for it.
pub(super) fn advance(letter: char, weight: Weight) -> f64 {
    face(weight)
        .and_then(|face| {
            let glyph = face.charmap().map(letter).unwrap_or(GlyphId::NOTDEF);
            face.glyph_metrics(Size::new(1.0), LocationRef::default()).advance_width(glyph)
        })
        .map_or(0.6, f64::from)
}

fn face(weight: Weight) -> Option<&'static FontRef<'static>> {
    static REGULAR: LazyLock<Option<FontRef<'static>>> =
        LazyLock::new(|| FontRef::new(dejavu::sans_condensed::regular()).ok());
    static BOLD: LazyLock<Option<FontRef<'static>>> =
        LazyLock::new(|| FontRef::new(dejavu::sans_condensed::bold()).ok());
    match weight {
        Weight::Regular => REGULAR.as_ref(),
        Weight::Bold => BOLD.as_ref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_the_house_have_letters() {
        let face = FontRef::new(dejavu::sans_condensed::bold()).unwrap();
        for letter in "čšžČŠŽđ ЖелезоЯ Ωλάσσα łęß ★†•–−×│░▓♥☠√".chars() {
            assert!(face.charmap().map(letter).is_some(), "{letter} is missing");
        }
    }

    #[test]
    fn wide_letters_are_wide() {
        assert!(advance('W', Weight::Regular) > 2.0 * advance('i', Weight::Regular));
        assert!(advance('n', Weight::Bold) > advance('n', Weight::Regular));
        assert!(advance('漢', Weight::Regular) > 0.3, "a missing letter has its box");
    }
}
