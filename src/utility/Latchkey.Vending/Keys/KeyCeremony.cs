using System.Security.Cryptography;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Puts a vending key together from the parts that its custodians bring. Nobody alone has seen it, and its check value says that it is the right one.</summary>
public static class KeyCeremony
{
    public const int MinComponents = 3;
    public const int MaxComponents = 9;

    /// <summary>The exclusive or of the components, if its check value is the one that was expected.</summary>
    /// <param name="key">As long as the components; cleared unless the answer is null. The caller clears it afterwards.</param>
    /// <returns>Null when done, otherwise the code of what is wrong.</returns>
    public static string? Combine(IReadOnlyList<ReadOnlyMemory<byte>> components, string expectedCheckValue, Span<byte> key)
    {
        key.Clear();
        if (components.Count is < MinComponents or > MaxComponents) return VendingCodes.TooFewComponents;
        foreach (ReadOnlyMemory<byte> component in components)
        {
            if (component.Length != key.Length || component.Span.IndexOfAnyExcept((byte)0) < 0) return Fail(key, VendingCodes.ComponentMalformed);
            for (int i = 0; i < key.Length; i++) key[i] ^= component.Span[i];
        }

        // A component brought twice takes itself out again: the key would be that of the others alone.
        bool isRepeated = components.Select(c => Convert.ToHexString(c.Span)).Distinct(StringComparer.Ordinal).Count() != components.Count;
        if (isRepeated) return Fail(key, VendingCodes.ComponentMalformed);
        return string.Equals(CheckValueOf(key), expectedCheckValue.Trim(), StringComparison.OrdinalIgnoreCase) ? null : Fail(key, VendingCodes.CheckValueMismatch);
    }

    /// <summary>The check value of a component or a key; null where the bytes are neither 8, 16 nor 20.</summary>
    public static string? CheckValueOf(ReadOnlySpan<byte> bytes)
    {
        if (!VendingKey.TryCreate(bytes, out VendingKey? key, VendingKeyParity.Raw)) return null;
        using (key) return key.CheckValue.ToUpperInvariant();
    }

    private static string Fail(Span<byte> key, string code)
    {
        CryptographicOperations.ZeroMemory(key);
        return code;
    }
}
