using System.Buffers;
using CsCheck;
using Latchkey.Custody.Tests.Contract;
using Latchkey.Storage.Tests.Vending;
using Latchkey.Sts;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Custody.Tests.Apart;

/// <summary>The bytes between seller and signer: one encoding for each content, and a result for any bytes.</summary>
public sealed class SignerWireTests
{
    public static TheoryData<string> Requests => ["hello", "sign", "management", "key change", "cancel", "stop", "reconcile", "keys", "signed"];

    [Theory, MemberData(nameof(Requests))]
    public async Task Request_Decoded_SaysTheSame(string name)
    {
        SignerRequest request = await Request(name);
        (byte kind, byte[] payload) = SignerWire.Encode(request);
        Assert.True(SignerWire.TryDecode(kind, payload, out SignerRequest? read));
        Assert.Equal(payload, SignerWire.Encode(read!).Payload);
        Assert.IsType(request.GetType(), read);
    }

    [Theory, MemberData(nameof(Requests))]
    public async Task Request_CutOrLengthened_IsRefused(string name)
    {
        (byte kind, byte[] payload) = SignerWire.Encode(await Request(name));
        for (int length = 0; length < payload.Length; length++) Assert.False(SignerWire.TryDecode(kind, payload.AsSpan(0, length), out SignerRequest? _));
        Assert.False(SignerWire.TryDecode(kind, [.. payload, 0], out SignerRequest? _));
    }

    [Theory, MemberData(nameof(Requests))]
    public async Task Request_WithAnyByteChanged_IsRefusedOrIsAnotherWholeRequest(string name)
    {
        (byte kind, byte[] payload) = SignerWire.Encode(await Request(name));
        for (int i = 0; i < payload.Length; i++)
        {
            byte[] changed = [.. payload];
            changed[i] ^= 0x81;
            if (SignerWire.TryDecode(kind, changed, out SignerRequest? read)) Assert.Equal(changed, SignerWire.Encode(read!).Payload);
        }
    }

    [Fact]
    public void AnyBytes_AreAResult() => Gen.Select(Gen.Byte, Gen.Byte.Array[0, 400]).Sample((kind, bytes) =>
    {
        bool request = SignerWire.TryDecode(kind, bytes, out SignerRequest? r);
        bool answer = SignerWire.TryDecode(kind, bytes, out SignerAnswer? a);
        return request == r is not null && answer == a is not null && !(request && answer);
    });

    public static TheoryData<SignerAnswer> Answers => new()
    {
        new SignerAnswer.Welcome(true),
        new SignerAnswer.Outcomes([new SignOutcome.Signed(TokenNumber.Parse("12345678901234567890")), new SignOutcome.Refused("key-stopped")]),
        new SignerAnswer.Outcomes([]),
        new SignerAnswer.KeyChangeTokens(new KeyChangeSigned(null, [TokenNumber.Parse("00000000000000000001"), TokenNumber.Parse("12345678901234567890")])),
        new SignerAnswer.KeyChangeTokens(new KeyChangeSigned("key-missing", [])),
        new SignerAnswer.Cancelled(false),
        new SignerAnswer.Stopped(),
        new SignerAnswer.Failed(),
        new SignerAnswer.HasTokens([true, false]),
        new SignerAnswer.HasTokens([]),
        new SignerAnswer.HeldKeys(
        [
            new SignerKey(Shop.KeyId, "ABCDEF", DateTimeOffset.UnixEpoch, null, 5, new KeyCounters(1, 2, 3), null),
            new SignerKey("201457-2-2-2014", "012345", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(9), 5, default, "drill"),
        ]),
        new SignerAnswer.Reconciled(new DailyReconciliation(null, "entry 7", 5, 6, 1, [new AuditDifference("order 1", "没有", null)])),
        new SignerAnswer.Reconciled(DailyReconciliation.Missed("signer-unavailable")),
    };

    [Theory, MemberData(nameof(Answers))]
    public void Answer_Decoded_SaysTheSameAndNoPartOfItDoes(SignerAnswer answer)
    {
        (byte kind, byte[] payload) = SignerWire.Encode(answer);
        Assert.True(SignerWire.TryDecode(kind, payload, out SignerAnswer? read));
        Assert.Equal(payload, SignerWire.Encode(read!).Payload);
        for (int length = 0; length < payload.Length; length++) Assert.False(SignerWire.TryDecode(kind, payload.AsSpan(0, length), out SignerAnswer? _));
    }

    [Fact]
    public void Number_InMoreBytesThanItNeeds_IsRefused()
    {
        Assert.True(SignerWire.TryDecode(130, [0], out SignerAnswer? _));
        Assert.False(SignerWire.TryDecode(130, [0x80, 0], out SignerAnswer? _));
    }

    [Fact]
    public async Task Batch_OfTheLongestOrders_FitsIntoOneFrame()
    {
        using Shop shop = await Shop.OpenAsync();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        SaleLine subsidy = new(Latchkey.Tariffs.PriceLineKind.Subsidy, new string('电', 128), null, null, long.MinValue + 1);
        VendOrder longest = order with { Terms = order.Terms! with { Lines = [.. Enumerable.Repeat(subsidy, 8)] } };
        Assert.True(SignerWire.IsSendable(longest));
        Assert.False(SignerWire.IsSendable(order with { Terms = order.Terms with { Lines = [.. Enumerable.Repeat(subsidy, 9)] } }));
        (byte _, byte[] payload) = SignerWire.Encode(new SignerRequest.Sign([.. Enumerable.Repeat((longest, held), SignerWire.MaxOrders)]));
        Assert.InRange(payload.Length, 1, SignerFrame.MaxPayload);

        SignerKey key = new(Shop.KeyId, "ABCDEF", DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, long.MaxValue, new KeyCounters(long.MaxValue, long.MaxValue, long.MaxValue), new string('电', 900));
        Assert.True(SignerWire.TryDecode(136, SignerWire.Encode(new SignerAnswer.HeldKeys([key with { StoppedReason = null, ActiveFrom = DateTimeOffset.UnixEpoch, IssueUntil = null }])).Payload, out SignerAnswer? read));
        Assert.Equal(long.MaxValue, ((SignerAnswer.HeldKeys)read!).Each[0].CreditLimit);
        Assert.InRange(SignerWire.Encode(new SignerAnswer.HeldKeys([.. Enumerable.Repeat(key, SignerWire.MaxKeys)])).Payload.Length, 1, SignerFrame.MaxPayload);
    }

    [Fact]
    public async Task Order_OnItsWay_CarriesNoNamesPlacesOrPayments()
    {
        using Shop shop = await Shop.OpenAsync();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        string sent = System.Text.Encoding.UTF8.GetString(SignerWire.Encode(new SignerRequest.Sign([(order, held)])).Payload);
        foreach (string word in new[] { "ACC-1", "room", "pay-1", "wechat" }) Assert.DoesNotContain(word, sent, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Frame_OnEveryPrefix_WaitsForTheRest()
    {
        byte[] bytes = SignerFrame.Write(2, 77, [1, 2, 3]);
        for (int length = 0; length < bytes.Length; length++)
            Assert.Equal(OperationStatus.NeedMoreData, SignerFrame.Read(bytes.AsSpan(0, length), out _, out _));
        Assert.Equal(OperationStatus.Done, SignerFrame.Read([.. bytes, 9], out SignerFrame frame, out int consumed));
        Assert.Equal((2, 77u, 3, bytes.Length), (frame.Kind, frame.Number, frame.Payload.Length, consumed));
    }

    [Theory]
    [InlineData("00000005")] // shorter than its own header
    [InlineData("00100007")] // longer than a frame may be
    [InlineData("FFFFFFFF")]
    [InlineData("0000000601")] // a version that is not ours
    public void Frame_ThatBeginsWrong_IsRefusedBeforeItsEndIsAwaited(string hex) =>
        Assert.Equal(OperationStatus.InvalidData, SignerFrame.Read(Convert.FromHexString(hex), out _, out _));

    [Fact]
    public void Frame_OfAnyBytes_IsAResult() => Gen.Byte.Array[0, 64].Sample(bytes =>
        SignerFrame.Read(bytes, out _, out int consumed) is OperationStatus.Done ? consumed <= bytes.Length : consumed == 0);

    private static async Task<SignerRequest> Request(string name)
    {
        using Shop shop = await Shop.OpenAsync();
        var orders = new HeldOrders(shop);
        switch (name)
        {
            case "sign":
                return new SignerRequest.Sign([await orders.Hold(1), await orders.Hold(2, 70m, Shop.OtherPan)]);
            case "management":
                (ManagementIssue issue, HeldEntry posted) = await orders.ClearTamper(70);
                return new SignerRequest.SignManagement(issue, posted);
            case "key change":
                (KeyChange change, HeldEntry entry) = await orders.ChangeKey(Shop.Pan);
                return new SignerRequest.SignKeyChange(change, entry);
            default:
                return name switch
                {
                    "hello" => new SignerRequest.Hello(),
                    "cancel" => new SignerRequest.Cancel(Shop.Id(1), Shop.Id(2)),
                    "stop" => new SignerRequest.Stop(Shop.KeyId, "drill"),
                    "keys" => new SignerRequest.Keys("201457-1-2-2014"),
                    "signed" => new SignerRequest.Signed([Shop.Id(1), Shop.Id(2)]),
                    _ => new SignerRequest.Reconcile(),
                };
        }
    }
}
