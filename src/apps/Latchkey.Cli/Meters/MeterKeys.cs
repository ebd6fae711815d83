using System.Text.Json;
using System.Text.Json.Serialization;
using Latchkey.Dlms.Security;
using Latchkey.Meter.Cosem;
using Latchkey.Sts;

namespace Latchkey.Cli.Meters;

/// <summary>The secrets of a virtual meter as a file holds them, in hexadecimal. Without a file they are the published demo keys, which protect nothing.</summary>
internal sealed record MeterKeys
{
    public string Encryption { get; init; } = "000102030405060708090A0B0C0D0E0F";

    public string Broadcast { get; init; } = "0F0E0D0C0B0A09080706050403020100";

    public string Authentication { get; init; } = "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";

    public string Master { get; init; } = "00112233445566778899AABBCCDDEEFF";

    /// <summary>The password of client 32, as text.</summary>
    public string Password { get; init; } = "Latchkey";

    /// <summary>The vending key of DKGA04, 20 octets, from which the meter's STS key is derived.</summary>
    public string VendingKey { get; init; } = "000102030405060708090A0B0C0D0E0F10111213";

    public string SupplyGroupCode { get; init; } = "000000";

    public string TariffIndex { get; init; } = "01";

    public int KeyRevision { get; init; } = 1;

    public string MeterPan { get; init; } = "600727000000000009";

    /// <summary>Whether these are the demo keys: then they may be shown.</summary>
    [JsonIgnore]
    public bool AreDemo { get; init; } = true;

    /// <summary>Reads a file; the fault is one line for the user.</summary>
    public static MeterKeys? TryRead(string path, out string fault)
    {
        fault = string.Empty;
        try
        {
            MeterKeys? read = JsonSerializer.Deserialize<MeterKeys>(File.ReadAllBytes(path), CommandOutput.Json);
            if (read is not null && read.Fault() is not { } wrong) return read with { AreDemo = false };
            fault = $"'{path}': {read?.Fault() ?? "no keys"}";
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            fault = $"'{path}' holds no keys: {e.Message}";
        }

        return null;
    }

    /// <summary>Number, key attributes and algorithm of the meter.</summary>
    public DecoderKeyAttributes Attributes() => new(
        Latchkey.Sts.MeterPan.TryParse(MeterPan, out MeterPan pan) ? pan : default, Latchkey.Sts.SupplyGroupCode.Parse(SupplyGroupCode), Latchkey.Sts.TariffIndex.Parse(TariffIndex),
        KeyRevisionNumber.FromValue(KeyRevision), KeyType.Unique, new KeyExpiryNumber(255), BaseDate.Year2014, EncryptionAlgorithm.Ea11);

    /// <summary>The meter's STS key; the caller disposes it.</summary>
    public DecoderKey Derive()
    {
        if (!Latchkey.Sts.VendingKey.TryCreate(Convert.FromHexString(VendingKey), out VendingKey? vending)) throw new InvalidOperationException("The vending key was checked before.");
        using (vending) return DecoderKeyGeneration.Derive(vending, Attributes());
    }

    /// <summary>Who the meter is on its DLMS line.</summary>
    public CosemIdentity Identity() => new()
    {
        Title = CosemIdentity.TitleOf(ulong.Parse(MeterPan, System.Globalization.CultureInfo.InvariantCulture) % 100_000_000_000),
        Suite = Encryption.Length == 32 ? SecuritySuite.Suite0 : SecuritySuite.Suite2,
        Encryption = Convert.FromHexString(Encryption),
        Broadcast = Convert.FromHexString(Broadcast),
        Authentication = Convert.FromHexString(Authentication),
        Master = Convert.FromHexString(Master),
        ReadingPassword = System.Text.Encoding.ASCII.GetBytes(Password),
    };

    private string? Fault()
    {
        int size = Encryption.Length;
        if (size is not (32 or 64)) return "encryption must be 16 octets, or 32 for suite 2";
        foreach (string key in new[] { Encryption, Broadcast, Authentication, Master })
        {
            if (key.Length != size || !IsHex(key)) return "encryption, broadcast, authentication and master must be equally long, in hexadecimal";
        }

        if (VendingKey.Length != 40 || !IsHex(VendingKey)) return "vendingKey must be 20 octets in hexadecimal";
        if (!Latchkey.Sts.MeterPan.TryParse(MeterPan, out _)) return "meterPan must be 18 digits with a right check digit";
        if (!Latchkey.Sts.SupplyGroupCode.TryParse(SupplyGroupCode, out _) || !Latchkey.Sts.TariffIndex.TryParse(TariffIndex, out _)) return "supplyGroupCode has 6 digits, tariffIndex 2";
        if (KeyRevision is < 1 or > 9) return "keyRevision is 1 to 9";
        return Password.Length is >= 8 and <= 32 ? null : "password has 8 to 32 characters";
    }

    private static bool IsHex(string text) => text.All(char.IsAsciiHexDigit);
}
