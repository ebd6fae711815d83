using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Reads the number a customer types: the 18-digit PAN or the 11 or 13 digits on the meter's face.</summary>
public static class MeterNumber
{
    /// <summary>Null when the number is good; otherwise the stable code of what is wrong with it.</summary>
    public static string? Read(string? text, out MeterPan pan)
    {
        pan = default;
        string digits = (text ?? string.Empty).Trim();
        if (digits.Length is not (11 or 13 or MeterPan.DigitCount) || !digits.All(char.IsAsciiDigit)) return VendingCodes.PanFormat;
        if (digits.Length == MeterPan.DigitCount) return MeterPan.TryParse(digits, out pan) ? null : VendingCodes.PanCheckDigit;
        if (!DecoderReferenceNumber.TryParse(digits, out DecoderReferenceNumber drn) || !drn.HasValidCheckDigit) return VendingCodes.PanCheckDigit;
        pan = MeterPan.FromDrn(drn);
        return null;
    }
}
