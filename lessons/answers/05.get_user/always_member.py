# wrong: which of these values does the row hold?
@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id, session: Session) -> UserOut:
    """Show one user."""
    user = await session.get(User, user_id)
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return UserOut(
        id=user.id, name=user.name, email=user.email, role="member", team_id=user.team_id
    )
