//! From Lambert-93 (EPSG:2154), which FINESS writes, to degrees.

/// Latitude and longitude in degrees of metres in Lambert-93; `None` outside the rectangle the projection is meant for.
///
/// IGN, « Projection cartographique conique conforme de Lambert » (NT/G 71), ALG0004 and ALG0002, with the constants of
/// Lambert-93 on the ellipsoid GRS 80.
pub(super) fn degrees(x: f64, y: f64) -> Option<(f64, f64)> {
    const N: f64 = 0.725_607_765_053_267_3;
    const C: f64 = 11_754_255.426_096_12;
    const ORIGIN_X: f64 = 700_000.0;
    const ORIGIN_Y: f64 = 12_655_612.049_876_03;
    const ECCENTRICITY: f64 = 0.081_819_191_042_815_79;
    const MERIDIAN: f64 = 3.0;
    if !((0.0..=1_300_000.0).contains(&x) && (6_000_000.0..=7_200_000.0).contains(&y)) {
        return None;
    }
    let (east, south) = (x - ORIGIN_X, ORIGIN_Y - y);
    let longitude = MERIDIAN + ((east / south).atan() / N).to_degrees();
    let isometric = (C / east.hypot(south)).ln() / N;
    let mut latitude = 2.0 * isometric.exp().atan() - std::f64::consts::FRAC_PI_2;
    // Each turn divides the error by 150: ten leave nothing of it.
    for _ in 0..10 {
        let sine = ECCENTRICITY * latitude.sin();
        let factor = ((1.0 + sine) / (1.0 - sine)).powf(ECCENTRICITY / 2.0);
        latitude = 2.0 * (factor * isometric.exp()).atan() - std::f64::consts::FRAC_PI_2;
    }
    // Five decimals are one metre.
    let rounded = |degrees: f64| (degrees * 100_000.0).round() / 100_000.0;
    Some((rounded(latitude.to_degrees()), rounded(longitude)))
}
