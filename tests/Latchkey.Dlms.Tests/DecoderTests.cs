using CsCheck;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Verification;

namespace Latchkey.Dlms.Tests;

public sealed class DecoderTests
{
    [Fact]
    public void HdlcFrame_IsDescribedThroughItsLayers()
    {
        string text = DlmsDecoder.Describe(VectorFile.Hex("gx-hdlc-4-c2s", "apdu"));
        Assert.StartsWith("HDLC Information, from 16 to 1", text, StringComparison.Ordinal);
        Assert.Contains("GetRequestNormal", text, StringComparison.Ordinal);
        Assert.Contains("instance: 1.0.99.1.0.255", text, StringComparison.Ordinal);
    }

    [Fact]
    public void CipheredApdu_WithItsKey_IsOpened()
    {
        using CipherKey key = ServerTests.Key();
        string text = DlmsDecoder.Describe(VectorFile.Hex("gx-general-glo-profile-rsp", "apdu"), key);
        Assert.Contains("invocation_counter: 105", text, StringComparison.Ordinal);
        Assert.Contains("GetResponseNormal", text, StringComparison.Ordinal);
        Assert.Contains("100037", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gx-token-enter", "48643202781314010686")]
    [InlineData("gx-aarq-lls", "3132333435363738")]
    [InlineData("gx-key-transfer", "8922be1927c9c7cb")]
    public void Secrets_AreRedacted(string id, string secret)
    {
        string text = DlmsDecoder.Describe(VectorFile.Hex(id, "apdu"));
        Assert.Contains("redacted", text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void ArbitraryOctets_AreDescribed() =>
        Gen.Byte.Array[0, 120].Sample(octets => DlmsDecoder.Describe(octets).Length > 0, iter: 5_000);

    [Fact]
    public void ADayAsCompactArray_FitsFiveHundredAndTwelveOctets()
    {
        // Status, growth of import and growth of export in 96 rows: the time follows from the row's number.
        var rows = new AxdrWriter(new byte[2048]);
        rows.Array(96);
        for (int i = 0; i < 96; i++)
        {
            rows.Structure(3);
            rows.Unsigned(0);
            rows.WriteOctets([(byte)DataTag.DeltaLongUnsigned, 0, (byte)i, (byte)DataTag.DeltaUnsigned, 0]);
        }

        Assert.True(DataView.TryReadWhole(rows.Written, out DataView day));
        var compact = new AxdrWriter(new byte[1024]);
        Assert.True(CompactArray.TryCompress(day, ref compact));
        Assert.True(DataView.TryReadWhole(compact.Written, out DataView body));
        byte[] apdu = new byte[1024];
        int size = new Services.DataNotification { Invoke = new Services.LongInvokeId(1), DateTime = new byte[12], Body = body }.Write(apdu);
        Assert.InRange(size, 1, 512);
    }
}
