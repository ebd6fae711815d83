using System.Text;
using CsCheck;
using Latchkey.Messaging.WeChat;

namespace Latchkey.Messaging.Tests.WeChat;

public sealed class WeChatErrorTableTests
{
    [Theory]
    [InlineData(0, ErrorAction.None)]
    [InlineData(-1, ErrorAction.BackOff)]
    [InlineData(40001, ErrorAction.RenewTokenAndRepeatOnce)]
    [InlineData(42001, ErrorAction.RenewTokenAndRepeatOnce)]
    [InlineData(40014, ErrorAction.RenewTokenAndRepeatOnce)]
    [InlineData(45009, ErrorAction.RestUntilMidnight)]
    [InlineData(45011, ErrorAction.RestUntilNextMinute)]
    [InlineData(48001, ErrorAction.Configuration)]
    [InlineData(43101, ErrorAction.FallBack)]
    [InlineData(40003, ErrorAction.FallBack)]
    [InlineData(40037, ErrorAction.Configuration)]
    [InlineData(47003, ErrorAction.Configuration)]
    [InlineData(41030, ErrorAction.Configuration)]
    [InlineData(43004, ErrorAction.FallBack)]
    [InlineData(40164, ErrorAction.Configuration)]
    [InlineData(99999, ErrorAction.FallBack)]
    public void Find_AnError_SaysWhatToDo(int error, ErrorAction action) => Assert.Equal(action, WeChatErrorTable.Find(error).Action);

    [Fact]
    public void TryRead_AnErrorAnswer_KeepsTheTraceAndTheFieldAlone()
    {
        byte[] body = Encoding.UTF8.GetBytes("""{"errcode":47003,"errmsg":"argument invalid! data.thing3.value invalid oMini7 rid: 67403316-467731bb-0e997a4d"}""");
        WeChatReply reply = WeChatReply.TryRead(body)!;
        Assert.Equal((47003, "data.thing3.value rid: 67403316-467731bb-0e997a4d"), (reply.Error, reply.Trace));
    }

    [Fact]
    public void TryRead_AnyBytes_IsNoAnswer() => Gen.Byte.Array.Sample(body => WeChatReply.TryRead(body) is null, iter: 500);

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"errcode":"0"}""")]
    [InlineData("""{"errcode":1e99}""")]
    [InlineData("""{"errcode":99999999999}""")]
    public void TryRead_OtherJson_IsNoAnswer(string json) => Assert.Null(WeChatReply.TryRead(Encoding.UTF8.GetBytes(json)));
}
