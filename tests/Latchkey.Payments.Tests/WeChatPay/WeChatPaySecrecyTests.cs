using Latchkey.Emulators.WeChatPay;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Providers;
using Latchkey.Payments.WeChatPay;

namespace Latchkey.Payments.Tests.WeChatPay;

/// <summary>No key, no openid, no ciphertext in a log line or a ToString.</summary>
public sealed class WeChatPaySecrecyTests(WeChatPayTrial trial) : IClassFixture<WeChatPayTrial>
{
    [Fact]
    public async Task Log_OfAWholePaymentAndItsForgeries_HoldsNoSecret()
    {
        PaymentIntent intent = await trial.PlacedAsync();
        await trial.ConfirmAsync(intent, NotificationFault.ForgedSignature, NotificationFault.WrongAmount);
        for (int i = 0; i < 3; i++)
        {
            await trial.Emulator.DeliverDueAsync(default);
            trial.Clock.Advance(TimeSpan.FromSeconds(15));
        }

        Assert.Contains(trial.Log.Lines, line => line.Contains("is paid"));
        Assert.All(trial.Log.Lines, line => Assert.All(Secrets(), secret => Assert.DoesNotContain(secret, line)));
        Assert.Contains(new[] { "a line with " + trial.OpenId }, line => Secrets().Any(line.Contains)); // the check can fail
    }

    [Fact]
    public void ToString_OfWhateverHoldsASecret_DoesNotSayIt()
    {
        using MerchantCredential credential = MerchantCredential.FromPem("1", "2", trial.Emulator.Merchant.ExportPrivateKeyPem());
        using ApiV3Key key = ApiV3Key.FromText(trial.Emulator.Merchant.ApiV3KeyText);
        var request = new NotificationRequest([KeyValuePair.Create("Wechatpay-Signature", trial.Emulator.Merchant.ApiV3KeyText)], new byte[3]);
        string said = $"{credential} {key} {request} {trial.Emulator.Merchant} {trial.Options} {trial.NewIntent()}";
        Assert.All(Secrets(), secret => Assert.DoesNotContain(secret, said));
    }

    [Fact]
    public void FromPem_OfSomethingElse_DoesNotRepeatIt()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => MerchantCredential.FromPem("1", "2", "-----BEGIN " + "PRIVATE KEY-----c2VjcmV0-----END " + "PRIVATE KEY-----"));
        Assert.DoesNotContain("c2VjcmV0", refused.ToString());
    }

    private string[] Secrets() =>
        [trial.Emulator.Merchant.ApiV3KeyText, trial.OpenId, trial.Emulator.Merchant.ExportPrivateKeyPem().Split('\n')[3]];
}
