using System.Globalization;
using Latchkey.Meter;
using Latchkey.Sts;

namespace Latchkey.Server.Demo;

/// <summary>Which meter hangs in which room of the made-up park, and with which key algorithm.</summary>
/// <param name="Index">Counts the park's meters from 1; the serial number follows from it.</param>
/// <param name="Profile">The model.</param>
/// <param name="Algorithm">EA11 with DKGA04, or EA07 with DKGA02 and the standard's sample tables.</param>
public sealed record DemoMeterPlan(int Index, MeterProfile Profile, EncryptionAlgorithm Algorithm)
{
    private const int ManufacturerCode = 0;
    private const int FirstSerial = 31_000_000;

    /// <summary>The supply groups are the demo's own; no utility has them.</summary>
    public SupplyGroupCode SupplyGroup { get; } = SupplyGroupCode.Parse(Algorithm == EncryptionAlgorithm.Ea11 ? "999911" : "999907");

    public int VendingKeyLength => Algorithm == EncryptionAlgorithm.Ea11 ? VendingKey.HmacLength : VendingKey.SingleDesLength;

    public DecoderKeyAttributes Attributes => new(
        MeterPan.FromDrn(Drn),
        SupplyGroup,
        TariffIndex.Parse("01"),
        KeyRevisionNumber.FromValue(1),
        KeyType.Unique,
        KeyExpiryNumber.Never,
        BaseDate.Year2014,
        Algorithm);

    private DecoderReferenceNumber Drn
    {
        get
        {
            string payload = string.Create(CultureInfo.InvariantCulture, $"{ManufacturerCode:D2}{FirstSerial + Index:D8}");
            for (char check = '0'; check <= '9'; check++)
            {
                if (DecoderReferenceNumber.TryParse(payload + check, out DecoderReferenceNumber drn) && drn.HasValidCheckDigit) return drn;
            }

            throw new InvalidOperationException("One of ten check digits is right.");
        }
    }
}
