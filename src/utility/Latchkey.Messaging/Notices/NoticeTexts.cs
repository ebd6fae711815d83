namespace Latchkey.Messaging.Notices;

/// <summary>The sentences. Each Chinese one fits a template's <c>thing</c> field of 20 characters; a test holds it.</summary>
public static class NoticeTexts
{
    /// <summary>The reminder. The English sentence is longer than a <c>thing</c> field, so templates show the Chinese one.</summary>
    public static NoticeText LowBalance { get; } =
        new("余额不足10元，请及时充值", "Your balance is less than 10 yuan; please top up promptly");

    public static NoticeText PaymentReceived { get; } = new("已收到您的充值款", "Your payment has arrived");

    public static NoticeText TokenCredited { get; } = new("充值已到电表", "Your top-up is in the meter");

    public static NoticeText SupplyOff { get; } = new("余额已用完，已停电", "Your credit is used up and the supply is off");

    public static NoticeText SupplyOn { get; } = new("已恢复供电", "Your supply is on again");

    public static NoticeText Refunded { get; } = new("退款已退回原账户", "Your refund has gone back to where you paid from");

    /// <summary>The sentence beside the token; the digits themselves are a value of their own.</summary>
    public static NoticeText TokenIssued { get; } =
        new("充值码已生成，可在电表上输入", "Your token is ready; it travels to the meter, or type it there");

    public static NoticeText TokenRejected { get; } = new("电表未接受充值码，请联系我们", "The meter did not accept the token; please contact us");

    public static IReadOnlyList<NoticeText> All { get; } =
        [LowBalance, PaymentReceived, TokenCredited, SupplyOff, SupplyOn, Refunded, TokenIssued, TokenRejected];
}
