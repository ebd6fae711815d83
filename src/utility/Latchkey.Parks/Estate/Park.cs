using Latchkey.Quantities;
using Latchkey.Sts;

namespace Latchkey.Parks.Estate;

/// <summary>A site under one management: an industrial park, a dormitory, a mall.</summary>
/// <param name="Id">Made by the caller.</param>
/// <param name="Name">In English.</param>
/// <param name="NameZh">In Chinese; may be empty.</param>
/// <param name="TimeZoneId">IANA name; days, months and quiet hours are this zone's.</param>
/// <param name="Currency">All amounts of the park are in it.</param>
public sealed record Park(Guid Id, string Name, string NameZh, string TimeZoneId, Currency Currency);

/// <summary>A building of a park.</summary>
public sealed record Building(Guid Id, Guid ParkId, string Name);

/// <summary>What is let to one tenant and metered by one meter: a room, a flat, a shop.</summary>
/// <param name="Id">Made by the caller.</param>
/// <param name="BuildingId">Where it is.</param>
/// <param name="Number">As on the door.</param>
/// <param name="Meter">The meter that feeds it; null before one is installed. A meter feeds one room.</param>
/// <param name="PricePlan">The tariff's id.</param>
public sealed record Room(Guid Id, Guid BuildingId, string Number, MeterPan? Meter, string PricePlan);

/// <summary>Which language a tenant reads. The numbers are stored.</summary>
public enum TenantLanguage
{
    Chinese = 1,
    English = 2,
}

/// <summary>Who pays and is told.</summary>
/// <param name="Id">Made by the caller.</param>
/// <param name="Name">As the tenant is addressed.</param>
/// <param name="OpenId">The WeChat identity towards our account; null until the tenant has opened the phone page.</param>
/// <param name="Phone">For text messages; null when not given.</param>
/// <param name="Language">Of all messages.</param>
public sealed record Tenant(Guid Id, string Name, string? OpenId, string? Phone, TenantLanguage Language)
{
    /// <summary>Never the person: text reaches logs.</summary>
    public override string ToString() => $"tenant {Id:N}";
}
