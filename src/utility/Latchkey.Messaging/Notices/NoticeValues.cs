using System.Globalization;
using Latchkey.Quantities;

namespace Latchkey.Messaging.Notices;

/// <summary>The names of the values a template may show, and their forms as templates want them.</summary>
public static class NoticeValues
{
    /// <summary>The notice's own sentence; always there.</summary>
    public const string Text = "text";
    public const string Meter = "meter";
    public const string Balance = "balance";
    public const string Amount = "amount";
    public const string Time = "time";
    public const string Token = "token";
    public const string Energy = "energy";
    public const string Room = "room";

    /// <summary>For an <c>amount</c> field: <c>9.50元</c>; other currencies by code.</summary>
    public static string OfMoney(Money money)
    {
        string digits = money.ToMajor().ToString("F" + money.Currency.MinorDigits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return money.Currency == Currency.Cny ? digits + "元" : $"{digits} {money.Currency.Code}";
    }

    /// <summary>For a <c>time</c> field: <c>2026年11月22日 18:40</c>, in the park's own time.</summary>
    public static string OfTime(DateTimeOffset time, TimeSpan parkOffset) =>
        time.ToOffset(parkOffset).ToString("yyyy'年'M'月'd'日' HH:mm", CultureInfo.InvariantCulture);
}
