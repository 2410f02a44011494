//! What plotters-svg leaves to be done: a size on paper, round joins, and areas without seams.

/// Puts a root element of our own, for `size` in inches on a grid of twips, in place of the one of plotters-svg.
///
/// plotters-svg would make each unit of its grid a pixel, and it has no say in how lines are joined. Attributes of the
/// root hold for everything within it.
pub(super) fn with_root(document: &str, (width, height): (f64, f64), (grid_width, grid_height): (i32, i32)) -> String {
    let content = document.split_once('\n').map_or("", |(_, content)| content);
    // Smoothed edges of neighbouring areas would let the background shine through between them. Within texts and
    // attributes there is no "<".
    let content = content.replace("<rect ", "<rect shape-rendering=\"crispEdges\" ");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}in\" height=\"{height}in\" \
         viewBox=\"0 0 {grid_width} {grid_height}\" stroke-linejoin=\"round\" stroke-linecap=\"round\" \
         text-rendering=\"geometricPrecision\">\n{content}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_has_inches_outside_and_twips_inside() {
        let document = with_root("<svg width=\"1\">\n<rect x=\"0\"/>\n</svg>\n", (7.5, 6.0), (10_800, 8640));
        let (root, content) = document.split_once('\n').unwrap();
        for part in ["width=\"7.5in\"", "height=\"6in\"", "viewBox=\"0 0 10800 8640\"", "linejoin=\"round\""] {
            assert!(root.contains(part), "{part} in {root}");
        }
        assert_eq!(content, "<rect shape-rendering=\"crispEdges\" x=\"0\"/>\n</svg>\n");
    }
}
