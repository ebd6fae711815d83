namespace Latchkey.Sts;

/// <summary>The check digit of meter numbers: ISO/IEC 7812-1, modulus 10, every second digit doubled from the right.</summary>
/// <remarks>Source: ISO/IEC 7812-1, annex B; IEC 62055-41, MeterPAN and DecoderReferenceNumber.</remarks>
public static class Luhn
{
    /// <summary>The digit, 0 to 9, that completes <paramref name="payload"/>; false when it is empty or holds anything but ASCII digits.</summary>
    /// <remarks>Source: ISO/IEC 7812-1, annex B.</remarks>
    public static bool TryComputeCheckDigit(ReadOnlySpan<char> payload, out int digit)
    {
        digit = 0;
        if (payload.IsEmpty || payload.ContainsAnyExceptInRange('0', '9')) return false;

        int sum = 0;
        for (int i = 0; i < payload.Length; i++)
        {
            int value = payload[payload.Length - 1 - i] - '0';
            if (i % 2 == 0) value = value * 2 > 9 ? (value * 2) - 9 : value * 2;
            sum = (sum + value) % 10;
        }

        digit = (10 - sum) % 10;
        return true;
    }

    /// <summary>Whether the last digit of <paramref name="number"/> is the check digit of the digits before it; false for anything that is not digits.</summary>
    /// <remarks>Source: ISO/IEC 7812-1, annex B.</remarks>
    public static bool IsValid(ReadOnlySpan<char> number) =>
        number.Length > 1
        && TryComputeCheckDigit(number[..^1], out int digit)
        && number[^1] == (char)('0' + digit);
}
