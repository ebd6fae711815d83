using System.Globalization;
using System.Text.Json;

namespace Latchkey.Dlms.Verification;

/// <summary>One vector while it is checked: its fields, and the first thing that differed.</summary>
internal sealed class VectorCheck(JsonElement vector)
{
    public JsonElement Vector { get; } = vector;

    public string? Mismatch { get; private set; }

    public bool HasQuirk => Vector.TryGetProperty("quirk", out _);

    public byte[] Hex(string field) => Convert.FromHexString(Vector.GetProperty(field).GetString()!);

    public bool Has(string field) => Vector.TryGetProperty(field, out _);

    public void Require(bool holds, string what)
    {
        if (!holds) Mismatch ??= what;
    }

    public void Equal(string what, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        if (!expected.SequenceEqual(actual)) Mismatch ??= $"{what}: expected {Convert.ToHexStringLower(expected)}, got {Convert.ToHexStringLower(actual)}";
    }

    public void Equal(string what, long expected, long actual)
    {
        if (expected != actual) Mismatch ??= string.Create(CultureInfo.InvariantCulture, $"{what}: expected {expected}, got {actual}");
    }

    public void Equal(string what, string? expected, string? actual)
    {
        if (!string.Equals(expected, actual, StringComparison.Ordinal)) Mismatch ??= $"{what}: expected {expected}, got {actual}";
    }
}
