using System.Globalization;
using System.Security.Cryptography;

namespace Latchkey.Server.Access;

/// <summary>A password kept as salt and PBKDF2 value, written as <c>pbkdf2-sha256$rounds$salt$value</c>.</summary>
public static class PasswordHash
{
    private const string Scheme = "pbkdf2-sha256";
    private const int Rounds = 210_000;
    private const int MostRounds = 10_000_000;
    private const int SaltBytes = 16;
    private const int ValueBytes = 32;

    public static string Of(string password)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return string.Create(CultureInfo.InvariantCulture, $"{Scheme}${Rounds}${Convert.ToHexString(salt)}${Convert.ToHexString(Derive(password, salt, Rounds))}");
    }

    /// <summary>True when the password is the one that was kept. A text that is no kept password matches nothing.</summary>
    public static bool Matches(string password, string kept)
    {
        string[] parts = kept.Split('$');
        if (parts.Length != 4 || parts[0] != Scheme || parts[2].Length != SaltBytes * 2 || parts[3].Length != ValueBytes * 2) return false;
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int rounds) || rounds is < 1 or > MostRounds) return false;
        if (!IsHex(parts[2]) || !IsHex(parts[3])) return false;
        return CryptographicOperations.FixedTimeEquals(Derive(password, Convert.FromHexString(parts[2]), rounds), Convert.FromHexString(parts[3]));
    }

    private static bool IsHex(string text) => text.All(char.IsAsciiHexDigit);

    private static byte[] Derive(string password, byte[] salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA256, ValueBytes);
}
