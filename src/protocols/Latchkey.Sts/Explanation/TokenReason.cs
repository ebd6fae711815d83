namespace Latchkey.Sts;

/// <summary>What a token's result means to a person: one table for the display, messages, pages and the interface.</summary>
/// <param name="Code">A stable word for programs, such as <c>used</c>.</param>
/// <param name="English">What happened, one short sentence.</param>
/// <param name="Chinese">The same in Chinese.</param>
/// <param name="EnglishAdvice">What to do, one short sentence; empty where there is nothing to do.</param>
/// <param name="ChineseAdvice">The same in Chinese.</param>
/// <remarks>Source: the names of the results are those of IEC 62055-41, TokenResult; the words are ours.</remarks>
public sealed record TokenReason(string Code, string English, string Chinese, string EnglishAdvice, string ChineseAdvice)
{
    private static readonly Dictionary<TokenResult, TokenReason> Reasons = new()
    {
        [TokenResult.None] = new("none", "No token was entered yet.", "尚未输入充值码。", "", ""),
        [TokenResult.Accept] = new("accepted", "The token was accepted.", "充值码已接受。", "", ""),
        [TokenResult.FirstKeyChangeToken] = Part("first"),
        [TokenResult.SecondKeyChangeToken] = Part("second"),
        [TokenResult.ThirdKeyChangeToken] = Part("third"),
        [TokenResult.FourthKeyChangeToken] = Part("fourth"),
        [TokenResult.OverflowError] = new("overflow", "The meter cannot hold that much credit.", "电表余额将超过上限。", "Use some of the credit, then enter the same token again.", "请用掉部分余额后再次输入同一充值码。"),
        [TokenResult.KeyTypeError] = new("key-type", "The new key is of a type this meter may not take.", "新密钥类型不适用于本电表。", "Ask your supplier for other key-change tokens.", "请联系供电方重新获取换钥码。"),
        [TokenResult.FormatError] = new("format", "This is not a token.", "这不是有效的充值码。", "Check that all 20 digits were typed.", "请检查是否输入了全部20位数字。"),
        [TokenResult.RangeError] = new("range", "A value in the token is out of range.", "充值码中的数值超出范围。", "Ask your supplier for another token.", "请联系供电方更换充值码。"),
        [TokenResult.FunctionError] = new("function", "This meter does not have that function.", "本电表不支持该功能。", "Ask your supplier for another token.", "请联系供电方更换充值码。"),
        [TokenResult.OldError] = new("old", "The token is older than the last ones taken.", "充值码已过旧。", "Enter tokens soon after buying them; ask your supplier about this one.", "请在购买后尽快输入；此码请咨询供电方。"),
        [TokenResult.UsedError] = new("used", "The token was used before; its credit is in the meter.", "充值码已使用，额度已计入电表。", "", ""),
        [TokenResult.KeyExpiredError] = new("key-expired", "The meter's key has expired.", "电表密钥已过期。", "Enter the key-change tokens first.", "请先输入换钥码。"),
        [TokenResult.DdtkError] = new("default-key", "The meter has a default key and takes no credit yet.", "电表仍为默认密钥，暂不能充值。", "Enter the key-change tokens first.", "请先输入换钥码。"),
        [TokenResult.CrcError] = new("wrong-digits", "A digit is wrong, or the token is for another meter.", "数字有误，或充值码属于其他电表。", "Compare the token group by group and check the meter number on it.", "请逐组核对充值码及其电表号。"),
        [TokenResult.MfrCodeError] = new("manufacturer", "The test token is for another maker's meters.", "该测试码属于其他厂家的电表。", "", ""),
        [TokenResult.Lockout] = new("locked", "The keypad is locked after too many wrong entries.", "输入错误次数过多，键盘已锁定。", "Wait until the lock ends, then try again.", "请等待锁定结束后重试。"),
        [TokenResult.NotReady] = new("not-ready", "The meter cannot take a token now.", "电表暂不能接收充值码。", "Try again in a moment.", "请稍后再试。"),
    };

    /// <summary>The reason for a result.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is no result.</exception>
    /// <remarks>Source: IEC 62055-41, TokenResult.</remarks>
    public static TokenReason For(TokenResult result) =>
        Reasons.TryGetValue(result, out TokenReason? reason) ? reason : throw new ArgumentOutOfRangeException(nameof(result), result, "No such result");

    private static TokenReason Part(string ordinal) => new(
        ordinal + "-key-change",
        $"The {ordinal} key-change token was taken; others are still missing.",
        "换钥码已接收，还需输入其余换钥码。",
        "Enter the other key-change tokens, in any order.",
        "请输入其余换钥码，顺序不限。");
}
