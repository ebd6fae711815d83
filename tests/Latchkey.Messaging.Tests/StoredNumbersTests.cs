using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Log;
using Latchkey.Messaging.Notices;

namespace Latchkey.Messaging.Tests;

/// <summary>What is on disk keeps its meaning.</summary>
public sealed class StoredNumbersTests
{
    [Fact]
    public void Numbers_OfStoredEnums_StayAsTheyAre()
    {
        Assert.Equal("1=LowBalance 2=PaymentReceived 3=TokenIssued 4=TokenCredited 5=SupplyOff 6=SupplyOn 7=TokenRejected 8=Refunded", Of<NoticeKind>());
        Assert.Equal("1=Chinese 2=English", Of<NoticeLanguage>());
        Assert.Equal("1=MiniProgram 2=ServiceNotice 3=ServiceTemplate 4=Sms 5=Email 6=Webhook", Of<ChannelKind>());
        Assert.Equal("1=Accepted 2=TryLater 3=ChannelClosed 4=FallBack 5=Misconfigured 6=Unknown", Of<SendVerdict>());
        Assert.Equal("1=Queued 2=Sending 3=Sent 4=Confirmed 5=Undeliverable 6=Expired", Of<MessageState>());
    }

    [Fact]
    public void Traits_OfEveryKind_AreSet() => Assert.All(Enum.GetValues<NoticeKind>(), kind => Assert.True(NoticeTraits.Of(kind).TimeToLive > TimeSpan.Zero));

    private static string Of<T>()
        where T : struct, Enum => string.Join(' ', Enum.GetValues<T>().Select(v => $"{Convert.ToInt32(v)}={v}"));
}
